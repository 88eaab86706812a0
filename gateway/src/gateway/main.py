"""The application: settings -> site -> routes. The only module that reads settings and builds things."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from gateway import assets, failures, headers
from gateway.clients import Clients
from gateway.jobs import Jobs
from gateway.page import Site
from gateway.pages import routers
from gateway.seal import Seal
from gateway.session import Memory
from gateway.settings import Settings
from gateway.templating import environment


def create_app(settings: Settings) -> FastAPI:
    """The web application; channels to the services open with its life."""
    site_files = assets.Files(settings.packages, Path(__file__).parent / "static")

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.site = Site(
            settings=settings,
            seal=Seal(settings.session_secret or secrets.token_urlsafe(32)),
            clients=Clients(settings, Memory()),
            templates=environment(site_files, settings),
            jobs=Jobs(),
            zone=ZoneInfo(settings.time_zone),
        )
        try:
            yield
        finally:
            await app.state.site.jobs.close()
            await app.state.site.clients.close()

    app = FastAPI(title="Onnara", lifespan=life, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(headers.SecurityHeaders, import_map_source=site_files.import_map_source)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    site_files.mount(app)
    failures.install(app)
    app.add_api_route("/healthz", healthz)
    for router in routers:
        app.include_router(router)
    return app


async def healthz() -> dict[str, str]:
    """Alive as long as the loop turns; a service that is away is shown in the pages."""
    return {"status": "alive"}
