"""Images: what each holds is pinned as the lock has it, is enough for its code, and nothing needs a newer Docker."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
LISTS = ROOT / "deploy" / "requirements"
DOCKERFILES = [ROOT / "deploy" / "Dockerfile", *(ROOT / "deploy" / "own-images").glob("*.Dockerfile")]
OURS = {"chassis", "onnara", "directory", "documents", "approval", "adapters", "gateway"}
FOLDERS = {
    "chassis": "chassis/src/chassis",
    "directory": "services/directory",
    "documents": "services/documents",
    "approval": "services/approval",
    "adapters": "adapters",
    "gateway": "gateway/src",
}
TEST_TOOLS = {"pytest", "hypothesis", "mypy", "ruff", "playwright", "testcontainers", "grpcio-tools", "buf-bin", "uv"}


def pins(path: Path) -> dict[str, str]:
    """Entries by package name, each with its hashes."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8").strip())
    return {entry.partition("==")[0].lower(): entry.strip() for entry in entries if "==" in entry.partition("\n")[0]}


def held(package: str) -> set[str]:
    return {*pins(LISTS / "chassis.txt"), *(pins(LISTS / f"{package}.txt"))}


def imported(folder: Path) -> set[str]:
    """Top names of the packages that are not ours, imported anywhere in a folder's code."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        if "testing" in path.parts or "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - OURS


def test_pins_are_the_locks_own() -> None:
    locked = pins(ROOT / "requirements.lock")
    listed = [(path.name, name, entry) for path in LISTS.glob("*.txt") for name, entry in pins(path).items()]
    assert len(listed) > 40
    assert [(file, name) for file, name, entry in listed if locked.get(name) != entry] == []


@pytest.mark.parametrize("package", sorted(FOLDERS))
def test_lists_hold_what_the_code_imports(package: str) -> None:
    providers = importlib.metadata.packages_distributions()
    missing = {
        module
        for module in imported(ROOT / FOLDERS[package])
        if not {name.lower().replace("_", "-") for name in providers[module]} & held(package)
    }
    assert missing == set(), "declare it in the member's pyproject, then run deploy/closures.py"


@pytest.mark.parametrize("package", sorted(FOLDERS))
def test_lists_hold_what_pyproject_declares(package: str) -> None:
    member = next(
        f for f in (ROOT / FOLDERS[package], *(ROOT / FOLDERS[package]).parents) if (f / "pyproject.toml").exists()
    )
    project = tomllib.loads((member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[\[<>=!~; ]", entry)[0].lower() for entry in project["dependencies"]}
    building = pins(LISTS / f"{package}.build.txt") if (LISTS / f"{package}.build.txt").exists() else {}
    assert {name for name in declared if not name.startswith("onnara-")} <= held(package) | set(building)


def test_no_image_holds_tools_of_the_tests() -> None:
    for path in LISTS.glob("*.txt"):
        assert not TEST_TOOLS & set(pins(path)), path.name


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_dockerfiles_need_no_buildkit(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "# syntax" not in text
    assert not re.search(r"RUN --|COPY --(?!from)|ADD |<<", text)
    assert re.match(r"(#.*\n)*ARG BASE_IMAGE=\S+\n", text)
    assert not re.search(r"^FROM (?!\$\{BASE_IMAGE\}|python\b|packages\b)", text, flags=re.MULTILINE)
    users = re.findall(r"^USER (\S+)", text, flags=re.MULTILINE)
    assert users
    assert users[-1] != "root"


def test_secrets_are_filled_in_and_never_the_same() -> None:
    def run() -> dict[str, str]:
        text = subprocess.run([ROOT / "deploy" / "secrets.sh"], capture_output=True, text=True, check=True).stdout
        return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))

    first, second = run(), run()
    values = [*first.values(), *second.values()]
    assert len(set(values)) == len(values) >= 22
    assert all(re.fullmatch(r"[0-9a-f]{48}", value) for value in values)


@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), st.integers(1, 9)), unique_by=lambda p: p[0]
    )
)
def test_an_entry_keeps_all_its_lines(packages: list[tuple[str, int]]) -> None:
    sys.path.insert(0, str(ROOT / "deploy"))
    try:
        from closures import blocks
    finally:
        sys.path.pop(0)
    entries = {
        name: f"{name}==1.{n} \\\n" + " \\\n".join(f"    --hash=sha256:{i:064x}" for i in range(n)) + "\n"
        for name, n in packages
    }
    assert blocks("".join(entries.values())) == entries
