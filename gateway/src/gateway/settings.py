"""Settings of the gateway, read once by ``main`` from the environment (prefix ONNARA_GATEWAY_)."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Addresses of the services, how sessions are sealed, where the front-end packages lie."""

    model_config = SettingsConfigDict(env_prefix="ONNARA_GATEWAY_")

    host: str = "127.0.0.1"
    port: int = 8080
    directory_address: str = "127.0.0.1:50051"
    documents_address: str = "127.0.0.1:50052"
    approval_address: str = "127.0.0.1:50053"
    adapters_address: str = "127.0.0.1:50054"

    # Seals the session cookie. Empty: a fresh one per start, so that a restart signs everybody out.
    session_secret: SecretStr = SecretStr("")
    # False only where the site is reached over plain HTTP, as in a demonstration on one machine.
    secure_cookies: bool = True
    # Zone in which days and hours are shown (IANA name).
    time_zone: str = "Asia/Seoul"
    # Seconds a call to a service may take before the page says that the service is away.
    call_timeout: float = Field(default=10.0, gt=0)
    # Seconds between two refreshes of the counts in an open page.
    refresh_seconds: int = Field(default=15, ge=5)
    # Folder with the front-end packages as npm lays them out.
    packages: Path = Path(__file__).resolve().parents[2] / "node_modules"
