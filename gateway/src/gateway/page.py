"""What every page needs, made per request: the session, the reader, the services in the person's name, the renderer.

Data goes: request -> ``Page`` (a FastAPI dependency) -> a page function -> ``Page.render`` -> HTML with the session cookie.
"""

import secrets
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment

from chassis import log
from chassis.errors import ForbiddenError
from chassis.ids import uuid7
from gateway.clients import Caller, Clients, SignInNeededError
from gateway.i18n import Reader, chosen
from gateway.jobs import Jobs
from gateway.seal import Seal
from gateway.session import COOKIE, Remembered, Session, anonymous, read, write
from gateway.settings import Settings

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Site:
    """What lives as long as the process."""

    settings: Settings
    seal: Seal
    clients: Clients
    templates: Environment
    jobs: Jobs
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Page:
    """One request in the hands of a page."""

    request: Request
    site: Site
    session: Session
    reader: Reader

    @property
    def caller(self) -> Caller:
        """The services in the person's name."""
        return self.site.clients.acting(self.session)

    @property
    def remembered(self) -> Remembered:
        """What this process remembers of the session."""
        return self.site.clients.memory.of(self.session)

    @property
    def is_fragment(self) -> bool:
        """True when htmx asks for a part of a page."""
        return self.request.headers.get("HX-Request") == "true"

    def html(self, template: str, **values: Any) -> str:
        """The rendered template."""
        return self.site.templates.get_template(template).render(
            page=self, session=self.session, reader=self.reader, **values
        )

    def render(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The template as an answer, with the session's cookie."""
        response = HTMLResponse(self.html(template, **values), status_code=status)
        self.keep(response, self.session)
        return response

    def go(self, address: str, session: Session | None = None) -> Response:
        """Sends the browser to another page, after a POST as after a GET."""
        if self.is_fragment:
            response = Response(status_code=204, headers={"HX-Redirect": address})
        else:
            response = RedirectResponse(address, status_code=303)
        self.keep(response, session or self.session)
        return response

    def keep(self, response: Response, session: Session) -> None:
        """Puts the session into the answer."""
        write(response, session, self.site.seal, secure=self._secure())

    def _secure(self) -> bool:
        wanted = self.site.settings.secure_cookies
        address = self.request.url
        return wanted if wanted is not None else address.scheme == "https" or address.hostname not in _LOOPBACK


async def anyone(request: Request) -> Page:
    """A page that may be seen without signing in. Its calls share one correlation id."""
    log.bind(correlation_id=str(uuid7()))
    site: Site = request.app.state.site
    session = read(request.cookies.get(COOKIE), site.seal) or anonymous()
    return Page(request, site, session, Reader(chosen(session.language), site.zone))


async def official(page: Annotated[Page, Depends(anyone)]) -> Page:
    """A page for a signed-in official in a chosen capacity. Raises SignInNeededError."""
    if not page.session.signed_in or page.session.capacity is None:
        raise SignInNeededError
    return page


async def same_site(page: Annotated[Page, Depends(anyone)]) -> None:
    """Lets a POST through only with the session's CSRF token, in the form or in the header that htmx sends.

    Raises ForbiddenError(form-out-of-date).
    """
    given = page.request.headers.get("X-CSRF-Token", "")
    if not given:
        value = (await page.request.form()).get("csrf", "")
        given = value if isinstance(value, str) else ""
    if not secrets.compare_digest(given.encode(), page.session.csrf.encode()):
        raise ForbiddenError("form-out-of-date")


Anyone = Annotated[Page, Depends(anyone)]
Official = Annotated[Page, Depends(official)]
Posted = Depends(same_site)


def inside(address: str) -> str:
    """The address if it stays on this site, else the home page: a sign-in link must not lead elsewhere."""
    parts = urlsplit(address)
    local = (
        address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and "\\" not in address
    )
    return address if local else "/"


def sign_in_address(request: Request) -> str:
    """Where a person without a session is sent, and comes back from."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "/sign-in" if request.method != "GET" or back == "/" else f"/sign-in?next={quote(back)}"
