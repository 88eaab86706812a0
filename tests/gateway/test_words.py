"""Every sentence a reader may meet stands in both languages, with the same places for values."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import gateway
from adapters.formats.messages import MESSAGES
from chassis.errors import Problem
from gateway.i18n import LANGUAGES, Reader, fill
from gateway.sentences import sentence

ROOT = Path(gateway.__file__).parent
PLACES = re.compile(r"\{(\w[\w-]*)\}")
KOREAN = re.compile(r"[가-힣]")


def catalogue(language: str) -> Catalog:
    return read_po(
        io.BytesIO((ROOT / "locale" / language / "LC_MESSAGES" / "gateway.po").read_bytes()), locale=language
    )


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}


def used() -> set[str]:
    keywords = {"_": None, "marked": None, "text": (1,)}
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    return {found[2] for found in extract_from_dir(str(ROOT), methods, keywords=keywords) if isinstance(found[2], str)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_code_and_templates_is_translated(language: str) -> None:
    found = used()
    assert len(found) > 200
    assert sorted(each for each in found if not getattr(CATALOGUES[language].get(each), "string", "")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_kept_that_nothing_uses(language: str) -> None:
    found = used()
    tables = (
        "problem:",
        "advice:",
        "event:",
        "state:",
        "reading:",
        "step-role:",
        "circulation:",
        "done:",
        "act:",
        "did:",
    )
    left = [
        each.id for each in CATALOGUES[language] if each.id and each.id not in found and not each.id.startswith(tables)
    ]
    assert left == []


def test_both_languages_have_the_same_messages_and_the_same_places() -> None:
    ko, en = CATALOGUES["ko"], CATALOGUES["en"]
    assert {each.id for each in ko} == {each.id for each in en}
    for each in ko:
        if each.id:
            assert set(PLACES.findall(each.string)) == set(PLACES.findall(en.get(each.id).string)), each.id


def test_korean_sentences_are_korean_and_english_ones_are_not() -> None:
    signs = {"{size}"}
    for each in CATALOGUES["ko"]:
        assert not each.id or each.id in signs or KOREAN.search(each.string), each.id
    for each in CATALOGUES["en"]:
        assert not KOREAN.search(each.string), each.id


def test_templates_hold_no_sentence_outside_the_catalogues() -> None:
    """Text between tags is either a call of the catalogue, or part of the Korean sheet."""
    for template in (ROOT / "templates").rglob("*.html"):
        if template.name == "sheet.html":
            continue
        text = re.sub(
            r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<(script|style).*?</\1>", "", template.read_text("utf-8"), flags=re.DOTALL
        )
        words = re.findall(r"[A-Za-z가-힣]{2,}", re.sub(r"<[^>]*>", " ", text))
        assert [each for each in words if each not in {"nbsp", "English", "한국어", "Enter", "PDF", "ODT"}] == [], (
            template.name
        )


def test_every_finding_of_the_adapters_has_words() -> None:
    reader = reader_of("en")
    assert [code for code in MESSAGES if not sentence(reader, Problem(code)).known] == []


def test_every_refusal_in_the_code_has_words() -> None:
    root = ROOT.parents[2]
    raised = re.compile(
        r'\b(?:(?:NotFound|Conflict|Invalid|Forbidden|Transient|Refusal)Error|Problem|reject)\(\s*"([a-z][a-z0-9-]+)"'
    )
    codes = {
        code
        for folder in ("chassis/src", "services", "adapters/src", "gateway/src")
        for file in (root / folder).rglob("*.py")
        for code in raised.findall(file.read_text("utf-8"))
    }
    assert len(codes) > 20
    reader = reader_of("ko")
    assert sorted(code for code in codes if not sentence(reader, Problem(code)).known) == []


def test_a_code_without_words_is_shown_with_its_values() -> None:
    shown = sentence(reader_of("ko"), Problem("never-heard-of", {"depth": "3"}, "body", "행정업무규정 10"))
    assert not shown.known
    assert "never-heard-of" in shown.text
    assert "depth=3" in shown.text
    assert (shown.field, shown.source) == ("body", "행정업무규정 10")


def test_a_place_without_value_stays_visible() -> None:
    assert fill("at most {most}, not {count}", {"most": 500}) == "at most 500, not {count}"


def reader_of(language: str) -> Reader:
    from zoneinfo import ZoneInfo

    return Reader(language, ZoneInfo("Asia/Seoul"))
