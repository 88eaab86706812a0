"""What all tests share beside the chassis' plugin."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A change is judged by the same examples on every machine; new ones are looked for where somebody can look at them.
settings.register_profile("ci", derandomize=True, database=None)
if os.environ.get("CI"):
    settings.load_profile("ci")

_HERE = Path(__file__).parent
# One running suite serves all of these: they stay with one worker, and begin first because they take longest.
_TOGETHER = ("journeys", "authorisation")


def _part(item: pytest.Item) -> str:
    return item.path.relative_to(_HERE).parts[0]


# Before the worker reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tells which tests stay together when several workers run them: those of a file, those of one running suite."""
    for item in items:
        group = _part(item) if _part(item) in _TOGETHER else str(item.path.relative_to(_HERE))
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: _TOGETHER.index(_part(item)) if _part(item) in _TOGETHER else len(_TOGETHER))
