"""Who asks, and what the audience table knows this reader by."""

from dataclasses import dataclass

from documents.domain.visibility import tokens_of


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: ids and tokens that rights hang on."""

    official_id: str
    agency_id: str
    department_code: str
    roles: frozenset[str]

    @property
    def tokens(self) -> tuple[str, ...]:
        """What the audience table knows this reader by."""
        return tokens_of(self.official_id, self.agency_id, self.department_code, self.roles)
