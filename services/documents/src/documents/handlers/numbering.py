"""Takes registration numbers: produced and received documents of a department share one series a year (NCT REGI)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from chassis.uow import UnitOfWork
from documents.domain import registration
from documents.domain.registration import Number
from documents.tables import REGISTRATION

# The hot rows, last and in order: replicas that share series wait for each other instead of locking up.
_TAKE = """
INSERT INTO number_series (department_code, year, n)
SELECT d, y, k FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS v(d, y, k) ORDER BY d, y
ON CONFLICT (department_code, year) DO UPDATE SET n = number_series.n + excluded.n
RETURNING department_code, year, n
"""


async def take_serials(unit: UnitOfWork, counts: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
    """First serial of each series. counts: how many are taken, by department and year; one statement for all."""
    keys = sorted(counts)
    taken = await unit.fetch(_TAKE, [d for d, _ in keys], [y for _, y in keys], [counts[key] for key in keys])
    return registration.assign({(row["department_code"], row["year"]): row["n"] for row in taken}, counts)


def keep_number(
    unit: UnitOfWork,
    number: Number,
    document_id: UUID,
    agency_id: str,
    *,
    disclosure: int,
    retained_until: date | None,
) -> None:
    """Writes a number beside its document; the database refuses a second one for it.

    disclosure: DisclosureLevel as number. retained_until: last day of the retention period, None: it never ends.
    """
    row: dict[str, Any] = {
        "department_code": number.department_code,
        "year": number.year,
        "serial": number.serial,
        "document_id": document_id,
        "agency_id": agency_id,
        "text": number.text,
        "date": number.date,
        "disclosure": disclosure,
        "retained_until": retained_until,
        "cancelled": False,
    }
    unit.insert(REGISTRATION, row)
