"""Settings of approval, read once by ``main``."""

from pydantic import Field

from chassis.settings import ServiceSettings


class Settings(ServiceSettings, env_prefix="ONNARA_APPROVAL_"):
    """What approval needs beside what every service needs."""

    postgres_url: str = Field(
        default="", repr=False, description="PostgreSQL as an administrator; the migrate job only"
    )
    directory_address: str = Field(default="127.0.0.1:50051", description="gRPC address of the directory")
    rp_id: str = Field(
        default="localhost", description="Domain that passkeys belong to; the directory's setting of this name"
    )
    origins: str = Field(
        default="http://localhost:*",
        description="Addresses of the screens passkeys are taken from, parted by commas; any port (*) only of localhost",
    )
