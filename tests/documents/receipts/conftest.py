"""Documents with a staffed office that receives."""

from pathlib import Path
from typing import Any

import pytest

from chassis.blobs import Blobs
from support.documents_cards import Government
from support.receiving import Office, staffed


@pytest.fixture
def government(government: Government) -> Government:
    return staffed(government)


@pytest.fixture
def office(documents: Any, tmp_path: Path) -> Office:
    return Office(documents, Blobs(f"file://{tmp_path}/blobs"))
