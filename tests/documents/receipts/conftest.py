"""Documents with a staffed office that receives."""

from typing import Any

import pytest

from support.documents_cards import Government
from support.receiving import Office, staffed


@pytest.fixture
def government(government: Government) -> Government:
    return staffed(government)


@pytest.fixture
def office(documents: Any) -> Office:
    return Office(documents)
