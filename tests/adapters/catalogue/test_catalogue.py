"""The catalogue: what is there, what is wrong with it, and a new adapter that is right from its first minute."""

from pathlib import Path

import pytest

from adapters import catalogue, listing, manifest
from tools import new_adapter

TEXT = (Path(str(catalogue.folder("relay"))) / "adapter.toml").read_text("utf-8")


def test_adapters_are_loaded_once():
    assert set(catalogue.names()) >= {"enara", "mpb_budget", "relay"}
    assert catalogue.load("relay") is catalogue.load("relay")


@pytest.mark.parametrize("name", ["", "nobody", "../relay", "relay/samples", "__pycache__"])
def test_an_unknown_name_says_what_is_known(name):
    with pytest.raises(catalogue.UnknownAdapterError) as raised:
        catalogue.load(name)
    assert "relay" in raised.value.known


def test_the_checkout_is_in_order():
    assert list(listing.problems()) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda text: text.replace('quality = "silver"', 'quality = "tin"'), "quality: tin"),
        (lambda text: text.replace('name = "relay"', 'name = "other"', 1), "is not the folder's name"),
        (lambda text: text.replace("mapping_version = 1", ""), "mapping_version"),
        (lambda text: text.replace('loss = "reject"', 'loss = "never"', 1), "loss is none of"),
        (lambda text: text.replace('label = "문서 ID"', ""), "label is missing"),
        (lambda text: text.replace('field = "pack.send_id"', 'field = "pack.doc_id"', 1), "stands twice"),
        (lambda text: text.replace("agency_codes = []", 'agency_codes = ["131"]'), "agency_codes"),
        (lambda text: text.replace('item = "file"', 'item = "heap"'), "item: heap"),
        (lambda text: text.replace('reads = ["DocumentArrived"', 'reads = ["Poem"'), "reads"),
        (lambda text: text.replace('ko = "정부', 'kr = "정부'), "title.ko"),
        (lambda text: text + "\n[[", "adapter.toml"),
        (lambda text: text.replace("[[mapping]]", "[[nothing]]"), "table of fields"),
        (lambda text: text.replace("owner =", "owned ="), "owner"),
    ],
)
def test_a_manifest_that_lacks_something_says_what(change, problem):
    with pytest.raises(manifest.ManifestError) as raised:
        manifest.read(change(TEXT), "relay")
    assert any(problem in each for each in raised.value.problems)


def test_the_table_is_checked_and_written(tmp_path):
    readme = tmp_path / "README.md"
    assert "missing" in next(iter(listing.problems(readme)))
    readme.write_text("before", "utf-8")
    assert "marks" in next(iter(listing.problems(readme)))
    readme.write_text(f"before\n{listing.BEGIN}\nold\n{listing.END}\nafter\n", "utf-8")
    assert "old" in next(iter(listing.problems(readme)))
    assert listing.run(check=False, write=True, readme=readme) == 0
    assert list(listing.problems(readme)) == []
    text = readme.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "[relay](src/adapters/agencies/relay/NOTES.md)" in text


@pytest.mark.parametrize("name", ["", "Sejong", "1st", "a-b", "a__b", "../x", "relay"])
def test_a_name_that_is_none_or_taken_makes_nothing(name):
    before = sorted(new_adapter.FOLDER.iterdir())
    with pytest.raises(ValueError, match="name"):
        new_adapter.scaffold(name)
    assert sorted(new_adapter.FOLDER.iterdir()) == before
