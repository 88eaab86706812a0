"""Pages by what the person does: each module reads a request, asks the services, fills a template."""

from gateway.pages import attachments, boxes, bulk, card, decide, home, interop, records, session, signin

routers = (
    signin.router,
    session.router,
    home.router,
    boxes.router,
    card.router,
    attachments.router,
    decide.router,
    bulk.router,
    interop.router,
    records.router,
)
