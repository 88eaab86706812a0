"""A document of one agency to another, decided and on its way."""

from uuid import uuid4

from tests.support.desk import Desk, agency, delegated, letter, review

from onnara.exchange.v1 import official_document_pb2 as doc
from tools.demo.officials import Services


async def from_budget(services: Services, title: str, *files: doc.Attachment) -> tuple[Desk, str]:
    """기획예산처 to 행정자치부장관; answers the drafter and the document's id."""
    drafter = await Desk.sign_in(services, "mpb.kim")
    reviewer = await Desk.sign_in(services, "mpb.lee")
    chief = await Desk.sign_in(services, "mpb.park")
    content = letter(title, "ZB010101", agency("1310000", "행정자치부장관"), sender="기획예산처장관")
    content.attachments.extend(files)
    document = await drafter.write(content)
    await drafter.submit(document, [review(reviewer), delegated(chief)])
    await reviewer.approve(document)
    await chief.approve(document)
    return drafter, document


def titled(text: str) -> str:
    """A title nobody else has."""
    return f"{text} {uuid4().hex[:6]}"
