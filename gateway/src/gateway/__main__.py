"""``python -m gateway``: serves the web interface until told to stop."""

import uvicorn

from gateway.main import create_app
from gateway.settings import Settings


def run() -> None:
    """Serves on the host and port of the settings."""
    settings = Settings()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="info",
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    run()
