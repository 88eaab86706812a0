"""Settings of the gateway, read once by ``main`` from the environment (prefix ONNARA_GATEWAY_)."""

from pathlib import Path

from pydantic import Field

from chassis.settings import ServiceSettings


class Settings(ServiceSettings, env_prefix="ONNARA_GATEWAY_"):
    """Where the pages are served, where the services are, how sessions are sealed."""

    host: str = Field("127.0.0.1", description="Address the web interface binds")
    port: int = Field(8080, ge=0, le=65535, description="Port of the web interface")
    directory_address: str = Field("127.0.0.1:50051", description="gRPC address of directory")
    documents_address: str = Field("127.0.0.1:50052", description="gRPC address of documents")
    approval_address: str = Field("127.0.0.1:50053", description="gRPC address of approval")
    adapters_address: str = Field("127.0.0.1:50054", description="gRPC address of adapters")
    session_secret: str = Field(
        "", repr=False, description="Seals the session cookie; empty: a fresh one per start, so a restart signs all out"
    )
    secure_cookies: bool | None = Field(
        None, description="Cookies over HTTPS only; empty: yes, but for plain HTTP to this very machine"
    )
    call_timeout: float = Field(
        10.0, gt=0, description="Seconds a call may take before the page says a service is away"
    )
    refresh_seconds: int = Field(15, ge=5, description="Seconds between two refreshes of the counts in an open page")
    live_seconds: float = Field(2.0, gt=0, description="Seconds between two looks at the counts for an open page")
    packages: Path = Field(
        Path(__file__).resolve().parents[2] / "node_modules",
        description="Folder of the front-end packages, as npm lays it out",
    )
