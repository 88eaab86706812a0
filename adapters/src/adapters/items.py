"""Items on disk for the command line: a file or a message directory to an `Item`, and an `Item` into a folder."""

from pathlib import Path
from typing import Final

from adapters.contract import Item

_FORBIDDEN: Final = frozenset("/\\\0")


class UnfitNameError(ValueError):
    """A name that is no file name, or would leave the folder."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def read(path: Path) -> Item:
    """Read a file, or all files of a directory. Raises OSError."""
    if path.is_dir():
        files = [each for each in sorted(path.iterdir()) if each.is_file()]
        return Item(path.name or path.resolve().name, {each.name: each.read_bytes() for each in files})
    return Item(path.name, {path.name: path.read_bytes()})


def write(item: Item, folder: Path) -> Path:
    """Write an item so that nobody sees a part of it; answers its path. Raises OSError, UnfitNameError."""
    for name in (item.name, *item.parts):
        if name in {"", ".", ".."} or any(char in _FORBIDDEN or "\ud800" <= char <= "\udfff" for char in name):
            raise UnfitNameError(name)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / item.name
    if tuple(item.parts) == (item.name,):
        temporary = folder / f"{item.name}.tmp"
        temporary.write_bytes(item.parts[item.name])
        temporary.replace(target)
        return target
    target.mkdir(exist_ok=True)
    for name, data in item.parts.items():
        (target / name).write_bytes(data)
    return target
