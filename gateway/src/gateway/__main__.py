"""``python -m gateway``: serves the web interface, and the health page beside it, until told to stop."""

import asyncio

import uvicorn

from chassis import log
from chassis.http import health_server
from chassis.runner import main
from gateway.main import create_app
from gateway.settings import Settings


async def serve() -> None:
    """Serves on the host and port of the settings; uvicorn ends it on SIGTERM or SIGINT."""
    settings = Settings()
    log.configure("gateway", settings.log_level, settings.log_json)
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(settings.shutdown_seconds),
    )
    async with health_server(settings, {"pages": _alive}):
        await uvicorn.Server(config).serve()


async def _alive() -> bool:
    """The pages answer as long as the loop turns; a service that is away is shown in the page."""
    await asyncio.sleep(0)
    return True


if __name__ == "__main__":
    main(serve())
