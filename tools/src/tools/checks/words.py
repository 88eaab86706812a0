"""Words and names that may not land: unfinished work, tests that do not run, registries, paths of one machine, empty names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tools.checks import tree
from tools.checks.finding import Finding


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern, the files it is looked for in, and what to say."""

    pattern: re.Pattern[str]
    files: re.Pattern[str]
    what: str


def _rule(pattern: str, files: str, what: str) -> Rule:
    return Rule(re.compile(pattern), re.compile(files), what)


PYTHON, ANY = r"\.py$", r""
CODE = r"\.(?:py|sh|proto|html|js|css|sql|ya?ml)$|Makefile$|Dockerfile$"
HOSTS = (
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|docker\.io|ghcr\.io|quay\.io|gcr\.io|deb\.debian\.org|yarnpkg\.com"
)
RULES = (
    _rule(r"\b(?:TODO|FIXME|XXX)\b", CODE, "unfinished: do it, or say in the README what is missing"),
    _rule(r"\braise NotImplementedError\b", PYTHON, "unfinished: use a Protocol, or write it"),
    _rule(
        r"\b(?:mark\.|pytest\.)(?:skip|skipif|xfail|importorskip)\b|unittest\.skip", PYTHON, "a test that does not run"
    ),
    _rule(HOSTS, ANY, "the address of a registry: sites have their own"),
    _rule(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/pypi)/", ANY, "a path of one machine"),
    _rule(r'"resolved":\s*"https?:', r"package-lock\.json$", "an address in a lock file: npm pins by integrity alone"),
)
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "service", "misc"}
"""Names that say nothing about what lives inside; `onnara.common` is the one exception, and it is generated."""

OWN = re.compile(r"^tools/src/tools/checks/words\.py$|^tests/tools/test_checks\.py$")
"""Where the words stand because they are the rule."""


def check() -> tuple[list[Finding], str]:
    """Read every text file of the checkout."""
    findings, count = [], 0
    for name, text in tree.texts():
        count += 1
        findings += [*names(name), *([] if OWN.search(name) else words(name, text))]
    return findings, f"{count} files"


def names(path: str) -> Iterator[Finding]:
    """Judge the name of one Python file and of the packages it lies in."""
    place = PurePosixPath(path)
    if place.suffix != ".py":
        return
    for part in (*place.parts[:-1], place.stem):
        if part in EMPTY_NAMES:
            yield Finding(path, 0, f"the name {part!r} does not say what lives here")


def words(path: str, text: str) -> Iterator[Finding]:
    """Find the forbidden words of one text."""
    rules = [rule for rule in RULES if rule.files.search(path)]
    for number, line in enumerate(text.splitlines(), 1):
        for rule in rules:
            if found := rule.pattern.search(line):
                yield Finding(path, number, f"{found[0]}: {rule.what}")
