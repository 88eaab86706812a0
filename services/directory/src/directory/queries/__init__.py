"""Questions, each one statement: rows -> records. Under the rpc role they answer for the caller's agency only."""

from directory.queries.officials import absences_of, officials_of, search_officials
from directory.queries.rules import rules_of
from directory.queries.units import Changes, FoundUnit, changes_after, unit_of_code, units_with

__all__ = [
    "Changes",
    "FoundUnit",
    "absences_of",
    "changes_after",
    "officials_of",
    "rules_of",
    "search_officials",
    "unit_of_code",
    "units_with",
]
