"""What all tests share beside the chassis' plugin."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# A change is judged by the same examples on every machine; new ones are looked for where somebody can look at them.
settings.register_profile("ci", derandomize=True, database=None)
if os.environ.get("CI"):
    settings.load_profile("ci")

_HERE = Path(__file__).parent
# One running suite serves all of these: they stay with one worker, and begin first because they take longest.
_TOGETHER = ("journeys", "authorisation")


class _Sharing(LoadScopeScheduling):
    """Which tests stay together when several workers run them: those of a file, those of one running suite."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return next((part for part in _TOGETHER if path.startswith(f"tests/{part}/")), path)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Sharing:
    """Shares the tests out (pytest-xdist)."""
    return _Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first."""
    items.sort(key=lambda item: _TOGETHER.index(_part(item)) if _part(item) in _TOGETHER else len(_TOGETHER))


def _part(item: pytest.Item) -> str:
    return item.path.relative_to(_HERE).parts[0]
