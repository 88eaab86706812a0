"""Settings of the adapters' runtime, read by main."""

from pathlib import Path

from pydantic import Field

from chassis.settings import ServiceSettings


class Settings(ServiceSettings, env_prefix="ONNARA_ADAPTERS_"):
    """What the runtime needs beside what every service needs."""

    postgres_url: str = Field("", repr=False, description="PostgreSQL as administrator; the migrate job only")
    endpoints: Path = Field(Path("endpoints.toml"), description="The operator's file of endpoints")
    transport_root: Path = Field(Path(), description="Folder that the endpoints' folders are relative to")
    directory_address: str = Field("127.0.0.1:7001", description="Where the directory answers gRPC")
    scan_seconds: float = Field(1.0, gt=0, description="How often inboxes are looked at, in seconds")
    decode_workers: int = Field(1, ge=1, description="Worker processes for decoding")
    delivery_workers: int = Field(2, ge=1, description="Batches of one endpoint that may be on their way at a time")
    backlog: int = Field(20_000, ge=1, description="Messages that may wait for the broker before intake pauses")
    soap_host: str = Field("127.0.0.1", description="Where systems that call with SOAP are answered")
    soap_port: int = Field(0, ge=0, le=65535, description="Port for SOAP; 0: nobody is served")
