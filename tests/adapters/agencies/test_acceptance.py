"""The acceptance suite: what every adapter of the catalogue must do, whoever wrote it."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters import catalogue, items, listing
from adapters.canonical.forms import FORMS
from adapters.contract import Decoded, Item, Outgoing
from adapters.formats.findings import FormatError, rejected
from adapters.formats.messages import MESSAGES, render
from adapters.manifest import QUALITIES
from support.adapter_samples import all_cases, cases, encoded, golden, lines, taken

NAMES = catalogue.names()
each_adapter = pytest.mark.parametrize("name", NAMES)
# Members of a family share their code: what is tried with many examples is tried with any of them.
KINDS = {
    kind: tuple(name for name in NAMES if (catalogue.family_of(name) or name) == kind)
    for kind in sorted({catalogue.family_of(name) or name for name in NAMES})
}
each_kind = pytest.mark.parametrize("kind", KINDS)
each_case = pytest.mark.parametrize(("name", "case"), all_cases(), ids=lambda value: getattr(value, "name", value))

HOSTILE = {
    "empty": b"",
    "blank": b" \r\n\t",
    "nul": b"\0" * 500,
    "random": random.Random(7).randbytes(5000),
    "utf16": "한글".encode("utf-16"),
    "half-letter": "한글".encode("cp949")[:3],
    "not-xml": b"<pack><header>",
    "other-xml": b"<?xml version='1.0'?><html><body/></html>",
    "bomb": b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>',
    "external": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "parameter": b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd">%p;]><a/>',
    "deep": b"<a>" * 3000,
    "hollow-pack": b"<pack><header><doc-type type='send'/></header></pack>",
    "hollow-ack": b"<pack><header><doc-type type='accept'/></header></pack>",
    "hollow-request": b"<EXCHANGE><HEADER><DIRECTION><TO_DOCUMENT_SYSTEM/></DIRECTION></HEADER></EXCHANGE>",
    "hollow-result": b"<EXCHANGE><HEADER><DIRECTION><TO_ADMINISTRATIVE_SYSTEM/></DIRECTION></HEADER></EXCHANGE>",
}


def judge(adapter, item: Item) -> Decoded | None:
    """Decode; whatever happens must be a FormatError or records, told in known codes that can be rendered."""
    try:
        decoded = adapter.decode(item)
    except FormatError as error:
        unreadable = error.findings
    else:
        unreadable = ()
    if unreadable:
        assert rejected(unreadable)
        assert all(render(finding, "ko") and render(finding, "en") for finding in unreadable)
        return None
    for record in decoded.records:
        assert (record.message is None) == rejected(record.findings), record.findings
        assert record.raw in b"".join(item.parts.values())
        for finding in record.findings:
            assert finding.code in MESSAGES
        adapter.fields(record.raw, record.part)
    for finding in decoded.findings:
        assert render(finding, "ko") != render(finding, "en")
    return decoded


@each_adapter
def test_its_manifest_is_complete_and_its_folder_in_order(name):
    manifest = catalogue.manifest_of(name)
    adapter = catalogue.load(name)
    assert (adapter.name, adapter.mapping_version) == (name, manifest.mapping_version)
    assert manifest.quality in QUALITIES
    assert [problem for problem in listing.problems() if problem.startswith(f"{name}:")] == []
    assert cases(name)


@each_case
def test_a_sample_means_what_it_was_found_to_mean(name, case):
    adapter = catalogue.load(name)
    got = [line for item in taken(case) for line in lines(item, adapter.decode(item))]
    assert got == golden(case)


@each_case
def test_a_sample_goes_back_to_the_byte_or_as_explained(name, case):
    adapter = catalogue.load(name)
    made = [dict(sorted(out.parts.items())) for item in taken(case) for out in encoded(adapter, adapter.decode(item))]
    explained = case / "out"
    accepted = any("type" in line for line in golden(case))
    folder = explained if explained.is_dir() else case / "in"
    wanted = [dict(sorted(items.read(path).parts.items())) for path in sorted(folder.iterdir())] if accepted else []
    assert [list(each.values()) for each in made] == [list(each.values()) for each in wanted]
    if explained.is_dir():
        notes = (case.parents[1] / "NOTES.md").read_text("utf-8")
        assert f"`{case.name}/out`" in notes, "a difference nobody explains"


@each_case
def test_what_went_back_means_the_same(name, case):
    adapter = catalogue.load(name)
    for item in taken(case):
        first = [record.message for record in adapter.decode(item).records if record.message is not None]
        outs = encoded(adapter, adapter.decode(item))
        again = [record.message for out in outs for record in adapter.decode(out).records]
        assert None not in again
        for before, after in zip(first, again, strict=True):
            # The name of the file that carried a report, is no part of what it says.
            for message in (before, after):
                if "file_name" in message.DESCRIPTOR.fields_by_name:
                    message.ClearField("file_name")
        if "field_damage" not in case.name:
            assert first == again
        assert len(first) == len(again)


@each_adapter
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_bytes_end_in_findings(name, kind):
    adapter = catalogue.load(name)
    for item in (
        Item("x.xml", {"x.xml": HOSTILE[kind]}),
        Item("folder", {"exchange.xml": HOSTILE[kind], "header.inf": HOSTILE[kind], "eof.inf": b""}),
    ):
        decoded = judge(adapter, item)
        assert decoded is None or all(record.message is None for record in decoded.records)


@each_adapter
def test_an_item_without_files_is_unreadable(name):
    with pytest.raises(FormatError):
        catalogue.load(name).decode(Item("nothing", {}))


def filled(draw, message, depth=0):
    """Fill a message with anything its fields can hold."""
    for field in message.DESCRIPTOR.fields:
        if depth > 4 or not draw(st.booleans()):
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            getattr(message, field.name).update(draw(st.dictionaries(STRANGE, STRANGE, max_size=2)))
        elif field.is_repeated:
            for _ in range(draw(st.integers(0, 2))):
                if field.message_type is not None:
                    filled(draw, getattr(message, field.name).add(), depth + 1)
                else:
                    getattr(message, field.name).append(value_of(draw, field))
        elif field.message_type is not None:
            getattr(message, field.name).SetInParent()
            filled(draw, getattr(message, field.name), depth + 1)
        else:
            setattr(message, field.name, value_of(draw, field))
    return message


def value_of(draw, field):
    if field.enum_type is not None:
        return draw(st.sampled_from([value.number for value in field.enum_type.values]))
    if field.containing_type.full_name == "google.protobuf.Timestamp":
        return draw(
            st.sampled_from([-62135596800, -1, 0, 1_800_000_000, 253402300799])
            if field.name == "seconds"
            else st.just(0)
        )
    if field.cpp_type == field.CPPTYPE_STRING:
        return draw(STRANGE.map(str.encode) if field.type == field.TYPE_BYTES else STRANGE)
    return draw(st.booleans() if field.cpp_type == field.CPPTYPE_BOOL else st.sampled_from([-1, 0, 1, 2026, 2**31 - 1]))


STRANGE = st.sampled_from(
    ["", " ", "가", "똠😀", "<p>x</p>", "<p>", "&nbsp;", "]]>", "\x00\x0b", "a\r\nb", "..", "../x", "2026-05-06", "9" * 40, "1310000", "Z310101", "ADM131000040", "APP1@ADM131000040", "R-1/2027", "{}", "[1]", '{"code": 1}', "=;,()|", "y" * 600]
) | st.sampled_from(
    ["enara.SOURCES", "enara.header", "enara.file.0", "enara.generation", "mpb_budget.amount", "relay.date", "relay.rec"]
)  # fmt: skip
MESSAGE_TYPES = tuple(FORMS.values())


@each_kind
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_message_is_written_or_refused(kind, data):
    name = data.draw(st.sampled_from(KINDS[kind]))
    adapter = catalogue.load(name)
    outgoing = [
        Outgoing(filled(data.draw, form()), {}, data.draw(st.sampled_from(["", "Z0900006280000202611201100" + "0000"])))
        for form in MESSAGE_TYPES
    ]
    result = adapter.encode(outgoing)
    for findings in result.rejected.values():
        assert rejected(findings)
        assert all(finding.code in MESSAGES for finding in findings)
    assert {finding.code for finding in result.findings} <= set(MESSAGES)
    for item in result.items:
        assert judge(adapter, item) is not None


def spoiled(draw, message):
    """Change one place of a message into anything it can hold."""
    while True:
        field = draw(st.sampled_from(list(message.DESCRIPTOR.fields)))
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            getattr(message, field.name)[draw(STRANGE)] = draw(STRANGE)
        elif field.is_repeated and field.message_type is not None and len(getattr(message, field.name)):
            message = draw(st.sampled_from(list(getattr(message, field.name))))
            continue
        elif field.is_repeated and field.message_type is not None:
            filled(draw, getattr(message, field.name).add())
        elif field.is_repeated:
            getattr(message, field.name).append(value_of(draw, field))
        elif field.message_type is not None and message.HasField(field.name) and draw(st.booleans()):
            message = getattr(message, field.name)
            continue
        elif field.message_type is not None:
            message.ClearField(field.name)
        else:
            setattr(message, field.name, value_of(draw, field))
        return


@each_kind
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_sample_changed_in_any_place_is_written_or_refused(kind, data):
    name = data.draw(st.sampled_from(KINDS[kind]))
    adapter = catalogue.load(name)
    item = data.draw(st.sampled_from([item for case in cases(name) for item in taken(case)]))
    outgoing = []
    for record in adapter.decode(item).records:
        if record.message is not None:
            spoiled(data.draw, record.message)
            outgoing.append(Outgoing(record.message, record.blobs))
    result = adapter.encode(outgoing)
    for findings in result.rejected.values():
        assert rejected(findings)
    for made in result.items:
        assert judge(adapter, made) is not None


def parts_of(case: Path) -> list[Item]:
    return list(taken(case))


@each_kind
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_samples_end_in_findings(kind, data):
    name = data.draw(st.sampled_from(KINDS[kind]))
    adapter = catalogue.load(name)
    item = data.draw(st.sampled_from([item for case in cases(name) for item in parts_of(case)]))
    part = data.draw(st.sampled_from(sorted(item.parts)))
    raw = bytearray(item.parts[part])
    how = data.draw(st.sampled_from(["cut", "flip", "insert", "double", "drop"]))
    at = data.draw(st.integers(0, max(len(raw) - 1, 0)))
    if how == "cut":
        del raw[at:]
    elif how == "flip" and raw:
        raw[at] ^= data.draw(st.integers(1, 255))
    elif how == "insert":
        raw[at:at] = data.draw(st.binary(min_size=1, max_size=20))
    elif how == "double":
        raw += raw[at:]
    elif how == "drop":
        del raw[at : at + data.draw(st.integers(1, 40))]
    judge(adapter, Item(item.name, {**item.parts, part: bytes(raw)}))


@each_case
def test_the_fields_of_a_record_show_bytes_that_stand_there(name, case):
    adapter = catalogue.load(name)
    for item in taken(case):
        for record in adapter.decode(item).records:
            views = adapter.fields(record.raw, record.part)
            outside = [view for view in views if not view.name.startswith("pubdoc.")]
            assert outside
            for view in outside:
                assert record.raw[view.offset : view.offset + len(view.raw)] == view.raw
                assert view.label
