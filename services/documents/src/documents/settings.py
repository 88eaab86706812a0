"""Settings of documents, read once by ``main``."""

from importlib.util import find_spec
from pathlib import Path

from pydantic import Field

from chassis.settings import ServiceSettings


def _installed_fonts() -> Path:
    """A bare machine has no fonts with Hangul: they come with the service."""
    found = find_spec("manimgx_fonts_cjk")
    return Path(next(iter(found.submodule_search_locations))) if found and found.submodule_search_locations else Path()


class Settings(ServiceSettings, env_prefix="ONNARA_DOCUMENTS_"):
    """What documents needs beside what every service needs."""

    postgres_url: str = Field(
        default="", repr=False, description="PostgreSQL as an administrator; the migrate job only"
    )
    directory_address: str = Field(default="127.0.0.1:50051", description="gRPC address of the directory")
    acceptance_days: int = Field(
        default=3, ge=1, description="Working days within which a receiver accepts; then the copy is overdue"
    )
    arrival_minutes: int = Field(
        default=60,
        ge=1,
        description="Minutes within which a copy arrives at the receiver's relay; then it is looked into",
    )
    confirm_days: int = Field(
        default=3, ge=1, description="Working days after which an absent approver is reminded of what a deputy decided"
    )
    holidays_file: Path | None = Field(
        default=None, description="TOML file of further days off, a list of ISO days a year; days set by the cabinet"
    )
    fonts: Path = Field(
        default_factory=_installed_fonts,
        description="Folder of fonts that files are set in; empty: those of the installed package (Noto Sans CJK, OFL)",
    )
    rendering_seconds: float = Field(default=20.0, gt=0, description="Limit for making one file, in seconds")
    publishing: str = Field(
        default="",
        description="Codes of the agencies whose open documents are told to the portal (원문공개), parted by blanks",
    )
    publishing_hours: str = Field(
        default="1-5",
        pattern="^[0-9]{1,2}-[0-9]{1,2}$",
        description="Hours of the night in which they are told: from, to",
    )
    upload_limit: int = Field(default=1 << 30, gt=0, le=2 << 30, description="Largest file that may be uploaded, bytes")
    upload_share: int = Field(default=20 << 30, gt=0, description="Most that one person may upload in a day, bytes")
