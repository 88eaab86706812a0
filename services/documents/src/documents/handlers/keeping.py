"""The register of seals (관인대장): registered with an image, disposed of, never removed."""

from collections.abc import Mapping
from typing import Any

import asyncpg

from chassis.actor import Actor
from chassis.blobs import Blobs
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain import seals
from documents.handlers.dispatching import require
from documents.handlers.sealing import seal_key
from documents.ports.directory import View
from documents.tables import SEAL
from documents.translate.dispatch import KINDS
from onnara.documents.v1.dispatch_service_pb2 import RegisteredSeal
from onnara.exchange.v1.official_document_pb2 import Attachment

ROLE = "seal-keeper"
SOURCE = "행정업무의 운영 및 혁신에 관한 규정 제36조"
_LONGEST_NAME = 100
_PNG = "image/png"
_SEAL = "SELECT * FROM seal WHERE id = $1 FOR UPDATE"


def keeper(actor: Actor) -> None:
    """Raises ForbiddenError role-missing unless the actor keeps seals."""
    if ROLE not in actor.roles:
        raise ForbiddenError("role-missing", params={"roles": ROLE}, source=SOURCE)


async def checked_image(blobs: Blobs, agency_id: str, image: Attachment) -> Attachment:
    """The image as it will be kept, judged by its bytes, whatever its name says.

    Raises InvalidError attachment-hash-missing, seal-image-invalid, seal-image-too-large; NotFoundError blob-missing.
    """
    place = "seal.image"
    if len(image.sha256) != 32:
        raise InvalidError("attachment-hash-missing", field=f"{place}.sha256")
    data = bytearray()
    async for piece in blobs.stream(agency_id, image.sha256):
        data += piece
        if len(data) > seals.LARGEST_IMAGE:
            raise InvalidError("seal-image-too-large", params={"limit": seals.LARGEST_IMAGE}, field=place)
    if seals.png_size(bytes(data)) is None:
        raise InvalidError("seal-image-invalid", field=place, source=SOURCE)
    name = image.name if image.name.lower().endswith(".png") else "seal.png"
    return Attachment(sha256=image.sha256, size=len(data), media_type=_PNG, name=name)


async def register_seal(
    unit: UnitOfWork, asked: RegisteredSeal, image: Attachment, actor: Actor, view: View
) -> Mapping[str, Any]:
    """Registers a seal; with a seal_id it takes that one's place (재등록). Raises InvalidError, ConflictError."""
    kind = KINDS.get(asked.kind)
    if kind not in seals.APPLIED:
        raise InvalidError("seal-kind-invalid", params={"kind": kind or ""}, field="seal.kind", source=seals.SOURCE)
    name = asked.name.strip()
    if not name or len(name) > _LONGEST_NAME or "\x00" in name:
        raise InvalidError("seal-name-invalid", params={"limit": _LONGEST_NAME}, field="seal.name")
    for code, place in (
        (asked.department_code, "seal.department_code"),
        (asked.keeper_department_code, "seal.keeper_department_code"),
    ):
        known = view.unit(code) if code else None
        if code and (known is None or known.agency_id != actor.agency_id):
            raise InvalidError("department-unknown", params={"code": code}, field=place)
    if asked.seal_id:
        await dispose_seal(unit, asked.seal_id, "replaced", actor)
        await unit.flush()
    row = {
        "id": uuid7(),
        "agency_id": actor.agency_id,
        "name": name,
        "kind": kind.value,
        "department_code": asked.department_code,
        "image": image.SerializeToString(),
        "keeper_department_code": asked.keeper_department_code,
        "registered_by": actor.official_id,
        "registered_at": unit.now,
    }
    unit.insert(SEAL, row)
    try:
        async with unit.savepoint():  # the refusal leaves the transaction usable
            await unit.flush()
    except asyncpg.UniqueViolationError as error:
        raise ConflictError("seal-registered", params={"name": name}, field="seal.name") from error
    return row | {"disposed_at": None}


async def dispose_seal(unit: UnitOfWork, seal_id: str, reason: str, actor: Actor) -> None:
    """Takes a seal out of use (폐기); what it has sealed stays. Raises NotFoundError, ConflictError seal-disposed."""
    require(reason)
    rows = await unit.fetch(_SEAL, seal_key(seal_id))
    if not rows:
        raise NotFoundError("seal-unknown", params={"kind": ""}, field="seal_id")
    if rows[0]["disposed_at"] is not None:
        raise ConflictError("seal-disposed", params={"seal": rows[0]["name"]})
    unit.update(
        SEAL,
        {
            "id": rows[0]["id"],
            "disposed_by": actor.official_id,
            "disposed_at": unit.now,
            "dispose_reason": reason,
        },
    )
