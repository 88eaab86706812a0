"""Agencies and departments as the replica has them today: who stands behind a code, and what it is called."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chassis.errors import TransientError
from chassis.replica import Replica

SEOUL = ZoneInfo("Asia/Seoul")


class Units:
    """Questions by code. The replica has to be indexed by ``unit_code``."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def agency_id(self, code: str) -> str:
        """Stable id of the agency a code belongs to. Raises TransientError while the directory does not know it."""
        found = self.owner(code)
        if not found:
            raise TransientError("agency-unknown", params={"code": code})
        return found

    def owner(self, code: str) -> str:
        """Stable id of the agency a code belongs to; empty when it is not known."""
        unit = self._unit(code)
        return str(unit.agency_id) if unit else ""

    def name(self, code: str) -> str:
        """Name of a unit; empty when it is not known."""
        unit = self._unit(code)
        return str(unit.name) if unit else ""

    def _unit(self, code: str) -> Any | None:
        found = self._replica.snapshot.find("unit_code", code, datetime.now(SEOUL).date())
        return found[0] if found else None
