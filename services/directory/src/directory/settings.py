"""Settings of the directory, read once by ``main``."""

from pathlib import Path

from pydantic import Field

from chassis.settings import ServiceSettings


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
