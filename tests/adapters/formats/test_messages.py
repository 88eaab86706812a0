"""Every code a codec can raise has a sentence in both languages, and every sentence its parameters."""

import re
import string
from importlib import resources

import pytest

from adapters.formats.findings import Finding
from adapters.formats.messages import MESSAGES, render

RAISED = re.compile(r'(?:reject|repair|loss|make|Finding|note|_compare)\(\s*"([a-z0-9]+(?:-[a-z0-9]+)+)"')


def sources(folder):
    for each in folder.iterdir():
        if each.is_dir():
            yield from sources(each)
        elif each.name.endswith(".py"):
            yield each.read_text("utf-8")


def raised():
    return {code for text in sources(resources.files("adapters.formats")) for code in RAISED.findall(text)}


def test_the_scan_finds_the_codes():
    assert {"hangul-cut", "xml-entity-forbidden", "trailer-sum-mismatch", "xhtml-dropped"} <= raised()


def test_every_code_raised_has_a_sentence():
    assert raised() <= set(MESSAGES)


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_both_languages_name_the_same_parameters(code):
    message = MESSAGES[code]

    def names(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert names(message.ko) <= names(message.en) | {"field", "offset"}
    assert message.source
    assert re.search("[가-힣]", message.ko)


def test_a_clerk_can_read_it():
    finding = Finding("hangul-cut", "title", 1206, 1, {"byte": "B0"}, "loss")
    assert render(finding) == "title: 1,206번째 위치에서 마지막 글자가 반으로 잘려 있어 그 반쪽을 버렸습니다."
    assert render(finding, "en") == "title: the last letter was cut in half at position 1,206; the half was left out."
