"""Settings of a service: read once by its ``main`` from the environment, and documented by themselves.

A service subclasses with its own prefix; ``ONNARA_<SERVICE>_LOG_LEVEL`` wins over ``ONNARA_LOG_LEVEL``, which all
deployables of an installation share.

    class Settings(ServiceSettings, env_prefix="ONNARA_DOCUMENTS_"): ...

``python -m chassis.settings documents.settings:Settings`` prints the table of all of them.
"""

import importlib
import sys
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

SHARED_PREFIX = "ONNARA_"


class ServiceSettings(BaseSettings, env_prefix="ONNARA_SERVICE_", extra="ignore"):
    """What every service needs to know. Addresses hold passwords and are kept out of representations."""

    database_url: str = Field(default="", repr=False, description="PostgreSQL as the owner; the migrate job only")
    rpc_database_url: str = Field(
        default="", repr=False, description="PostgreSQL as <service>_rpc, row-level security on"
    )
    worker_database_url: str = Field(
        default="", repr=False, description="PostgreSQL as <service>_worker: consumers and relay"
    )
    rabbitmq_url: str = Field(
        default="", repr=False, description="RabbitMQ, amqp:// or amqps://, as the service's own user"
    )
    broker_namespace: str = Field(default="onnara", description="Prefix of exchanges and queues")
    blob_url: str = Field(default="", repr=False, description="Blob store: file:///folder or s3://bucket/prefix")

    grpc_host: str = Field(default="127.0.0.1", description="Address the gRPC server binds")
    grpc_port: int = Field(default=0, ge=0, le=65535, description="Port of the gRPC server; 0 takes a free one")
    http_host: str = Field(default="127.0.0.1", description="Address the health server binds")
    http_port: int = Field(
        default=0, ge=0, le=65535, description="Port of /healthz, /readyz and /metrics; 0 switches them off"
    )
    grpc_reflection: bool = Field(default=False, description="Answer questions about the server's methods")
    deadline_seconds: float = Field(
        default=30.0, gt=0, description="Limit of a call whose caller gave none, in seconds"
    )
    shutdown_seconds: float = Field(
        default=10.0, ge=0, description="How long running calls may finish on shutdown, in seconds"
    )

    tls_certificate: Path | None = Field(
        default=None, description="PEM certificate chain of this server; empty: no TLS"
    )
    tls_key: Path | None = Field(default=None, description="PEM private key of the certificate")
    tls_client_ca: Path | None = Field(
        default=None, description="PEM authorities of client certificates; set: one is required"
    )
    tls_server_ca: Path | None = Field(
        default=None, description="PEM authorities that servers we call are checked against"
    )

    token_audience: str = Field(default="onnara", description="Audience actor tokens must name")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level that is logged"
    )
    log_json: bool | None = Field(
        default=None, description="JSON lines; empty: JSON unless standard error is a terminal"
    )
    time_zone: str = Field(default="Asia/Seoul", description="IANA zone of agencies that name none")

    @property
    def service(self) -> str:
        """The one word of the service, as its prefix says it."""
        prefix = str(self.model_config.get("env_prefix", ""))
        return prefix.removeprefix(SHARED_PREFIX).strip("_").lower()

    @property
    def grpc_address(self) -> str:
        """Host and port as the gRPC server takes them."""
        return f"{self.grpc_host}:{self.grpc_port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The service's own variables, then those the installation shares."""
        return init_settings, env_settings, EnvSettingsSource(settings_cls, env_prefix=SHARED_PREFIX)


def table(settings: type[BaseSettings]) -> str:
    """All settings of a class as a Markdown table: variable, default, meaning."""
    prefix = str(settings.model_config.get("env_prefix", ""))
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in settings.model_fields.items():
        default = "required" if field.is_required() else _shown(field.get_default(call_default_factory=True))
        lines.append(f"| `{prefix}{name.upper()}` | {default} | {field.description or ''} |")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    return "" if value is None or value == "" else f"`{value}`"


def main(arguments: list[str]) -> str:
    """The table of the class named ``module:Class``."""
    module, _, name = arguments[0].partition(":")
    return table(getattr(importlib.import_module(module), name or "Settings"))


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:] or ["chassis.settings:ServiceSettings"]) + "\n")
