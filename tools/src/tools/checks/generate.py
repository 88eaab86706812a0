"""Generates the committed Python of the contracts: `protos/onnara/**.proto` -> `protos/gen/onnara/**`.

The import root of the result is `protos/gen`, so a message is met as `onnara.common.v1.actor_pb2`. Nothing is written
unless the whole set compiles, so a half-edited contract never leaves half-generated code behind.
"""

import filecmp
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.checkout import ROOT

SOURCE = ROOT / "protos"
TARGET = SOURCE / "gen"
PACKAGE = "onnara"
SERVICE = re.compile(r"^service\s+\w+", re.MULTILINE)


class GenerateError(Exception):
    """The compiler refused the contracts; the text is what it said."""


def sources(root: Path = SOURCE) -> list[Path]:
    """All contract files, sorted, as absolute paths."""
    return sorted((root / PACKAGE).rglob("*.proto"))


def _includes(root: Path) -> list[str]:
    """Search path of the compiler: our contracts, the well-known types, and google.rpc (googleapis-common-protos)."""
    found = [root]
    tools_spec = importlib.util.find_spec("grpc_tools")
    if tools_spec and tools_spec.origin:
        found.append(Path(tools_spec.origin).parent / "_proto")
    rpc_spec = importlib.util.find_spec("google.rpc")
    if rpc_spec:
        found.extend(Path(place).parents[1] for place in rpc_spec.submodule_search_locations or ())
    return [f"-I{place}" for place in found]


def compile_into(out: Path, root: Path = SOURCE) -> None:
    """Compile every contract below `root` into `out`, and complete the packages.

    :raises GenerateError: with the compiler's message.
    """
    files = sources(root)
    if files:
        flags = [f"--{kind}_out={out}" for kind in ("python", "grpc_python")]
        flags += [f"--{kind}_out=quiet:{out}" for kind in ("mypy", "mypy_grpc")]
        command = [sys.executable, "-m", "grpc_tools.protoc", *_includes(root), *flags]
        # The two mypy plugins are scripts beside the interpreter of the virtual environment.
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        done = subprocess.run([*command, *map(str, files)], env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise GenerateError(done.stderr.strip())
        _drop_empty_stubs(files, root, out)
    _complete(out)


def _drop_empty_stubs(files: list[Path], root: Path, out: Path) -> None:
    """The gRPC plugin writes a stub module even for a contract without a service; those say nothing."""
    for file in files:
        if not SERVICE.search(file.read_text(encoding="utf-8")):
            for suffix in (".py", ".pyi"):
                stub = out / file.relative_to(root).with_name(f"{file.stem}_pb2_grpc{suffix}")
                stub.unlink(missing_ok=True)


def _complete(out: Path) -> None:
    """Give every generated folder an `__init__.py` (a namespace package could be shadowed) and the root its `py.typed`."""
    top = out / PACKAGE
    top.mkdir(parents=True, exist_ok=True)
    for folder in (top, *(place for place in sorted(top.rglob("*")) if place.is_dir())):
        name = ".".join(folder.relative_to(out).parts)
        (folder / "__init__.py").write_text(f'"""Generated from the contracts: {name}."""\n', encoding="utf-8")
    (top / "py.typed").touch()


def _files(top: Path) -> set[Path]:
    return {place.relative_to(top) for place in top.rglob("*") if place.is_file() and "__pycache__" not in place.parts}


def differences(fresh: Path, kept: Path) -> list[Path]:
    """Relative paths that are missing, superfluous or different in `kept`, compared with `fresh`."""
    new, old = _files(fresh), _files(kept)
    changed = {name for name in new & old if not filecmp.cmp(fresh / name, kept / name, shallow=False)}
    return sorted((new ^ old) | changed)


def generate() -> list[Path]:
    """Bring `protos/gen` up to date and return the relative paths that changed; untouched files keep their times."""
    with tempfile.TemporaryDirectory() as place:
        fresh = Path(place)
        compile_into(fresh)
        changed = differences(fresh, TARGET)
        for name in changed:
            target = TARGET / name
            if (fresh / name).exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(fresh / name, target)
            else:
                target.unlink()
        for folder in sorted((place for place in TARGET.rglob("*") if place.is_dir()), reverse=True):
            if all(entry.name == "__pycache__" for entry in folder.iterdir()) and folder.name != "__pycache__":
                shutil.rmtree(folder)
    return changed
