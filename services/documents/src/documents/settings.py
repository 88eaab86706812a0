"""Settings of documents, read once by ``main``."""

from pydantic import Field

from chassis.settings import ServiceSettings


class Settings(ServiceSettings, env_prefix="ONNARA_DOCUMENTS_"):
    """What documents needs beside what every service needs."""

    postgres_url: str = Field(
        default="", repr=False, description="PostgreSQL as an administrator; the migrate job only"
    )
    directory_address: str = Field(default="127.0.0.1:50051", description="gRPC address of the directory")
