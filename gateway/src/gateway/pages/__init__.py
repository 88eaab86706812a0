"""Pages by what the person does: each module reads a request, asks the services, fills a template."""

from gateway.pages import (
    attachments,
    boxes,
    bulk,
    card,
    decide,
    drafts,
    home,
    interop,
    lookups,
    records,
    session,
    signin,
    uploads,
)

routers = (
    signin.router,
    session.router,
    home.router,
    boxes.router,
    card.router,
    drafts.router,
    lookups.router,
    uploads.router,
    attachments.router,
    decide.router,
    bulk.router,
    interop.router,
    records.router,
)
