"""Settings of the directory, read once by ``main``."""

from pathlib import Path

from pydantic import Field, field_validator

from chassis.settings import ServiceSettings
from directory.domain.passkeys import usable_origins


class Settings(ServiceSettings, env_prefix="ONNARA_DIRECTORY_"):
    """What the directory needs beside what every service needs."""

    key_folder: Path = Field(
        default=Path("keys"), description="Folder of the private signing keys; made (0700) when missing"
    )
    demo: bool = Field(default=False, description="Accept the published passwords of the seeded government")
    postgres_url: str = Field(
        default="", repr=False, description="PostgreSQL as administrator; stands in for addresses not given"
    )
    agency_codes: str = Field(default="", description="Tables of agency codes to import, parted as in PATH")
    rp_id: str = Field(
        default="localhost", description="Domain that passkeys belong to: that of the screens, or one above it"
    )
    origins: str = Field(
        default="http://localhost:*",
        description="Addresses of the screens passkeys are taken from, parted by commas; any port (*) only of localhost,"
        " only in a demonstration",
    )

    @field_validator("origins")
    @classmethod
    def _origins(cls, origins: str) -> str:
        usable_origins(origins, demonstration=True)
        return origins
