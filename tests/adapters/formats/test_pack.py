"""Packs: the bytes that leave, tolerant reading, names of files."""

import base64
import dataclasses
import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.formats.charset import looks_like_utf8
from adapters.formats.dtd import validate
from adapters.formats.findings import FormatError
from adapters.formats.pack import (
    DOC_TYPES,
    ROLES,
    Content,
    Pack,
    content_type_for,
    pack_file_name,
    parse_pack_file_name,
    read_pack,
    write_pack,
)

KST = dt.timezone(dt.timedelta(hours=9))
PACK = Pack(
    "1310000", "1310123", "행정안전부", ("6110000", "6260000"), "2026-05-06 10:15:00", "자료 제출 요청", "DCT1",
    "send", "행정제도과", "홍길동", "온나라",
    contents=(
        Content("pubdoc", "pubdoc.xml", b"<?xml?>", "text/xml", "euc-kr"),
        Content("attach", "붙임1.hwpx", bytes(range(256)) * 40),
    ),
)  # fmt: skip


def b64(text, charset="cp949"):
    return base64.b64encode(text.encode(charset)).decode()


def pack_xml(header, contents="", root="<pack>"):
    head = '<?xml version="1.0" encoding="euc-kr"?><!DOCTYPE pack SYSTEM "pack.dtd">'
    return f"{head}{root}<header>{header}</header><contents>{contents}</contents></pack>".encode("cp949")


HEADER = {
    "send-orgcode": "1310000", "send-id": "1310123", "send-name": b64("행정안전부"), "receive-id": "6110000",
    "date": "2026-05-06 10:15:00", "title": b64("제목"), "doc-id": "DCT1", "send-gw": b64("온나라"),
    "dtd-version": "2.0", "xsl-version": "2.0",
}  # fmt: skip


def header(kind='<doc-type type="send" dept="" name=""/>', *, skip=(), **changed):
    values = HEADER | {key.replace("_", "-"): value for key, value in changed.items()}
    parts = [f"<{tag}>{value}</{tag}>" for tag, value in values.items() if tag not in skip]
    return "".join([*parts[: max(0, 7 - len(skip))], kind, *parts[max(0, 7 - len(skip)) :]])


def codes(findings):
    return [finding.code for finding in findings]


code = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=7, max_size=7)
korean = st.text(
    st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 7)] + list("ABC abc 123.,()[]<>&\"'·～ㆍ※")),
    max_size=40,
)
contents = st.builds(
    Content,
    role=st.sampled_from(sorted(ROLES)),
    filename=korean.filter(bool),
    data=st.binary(max_size=200) | st.integers(3000, 9000).map(lambda n: b"0123456789" * n),
    content_type=st.sampled_from(["text/xml", "application/octet-stream"]),
    charset=st.sampled_from(["euc-kr"]),
)
packs = st.builds(
    Pack,
    send_orgcode=code, send_id=code, send_name=korean, receive_ids=st.lists(code, min_size=1, max_size=3).map(tuple),
    date=st.datetimes().map(lambda when: f"{when:%m-%d %H:%M:%S}").map(lambda rest: "2026-" + rest),
    title=korean, doc_id=st.text("ABCDEF0123456789", min_size=1), doc_type=st.sampled_from(sorted(DOC_TYPES)),
    dept=korean, name=korean, send_gw=korean, contents=st.lists(contents, max_size=3).map(tuple),
)  # fmt: skip


@given(packs)
def test_every_pack_is_valid_and_reads_back(pack):
    names = [pack.send_name, pack.title, pack.dept, pack.name, pack.send_gw, *(each.filename for each in pack.contents)]
    assume(not any(looks_like_utf8(name.encode("cp949")) for name in names))
    data = write_pack(pack)
    assert validate("pack", data) == []
    assert read_pack(data) == (pack, [])


def test_the_bytes_that_leave():
    data = write_pack(dataclasses.replace(PACK, contents=PACK.contents[:1]))
    assert data.decode("cp949") == (
        '<?xml version="1.0" encoding="euc-kr"?>\n<!DOCTYPE pack SYSTEM "pack.dtd">\n<pack>\n'
        "<header><send-orgcode>1310000</send-orgcode><send-id>1310123</send-id>"
        f"<send-name>{b64('행정안전부')}</send-name><receive-id>6110000;6260000</receive-id>"
        f"<date>2026-05-06 10:15:00</date><title>{b64('자료 제출 요청')}</title><doc-id>DCT1</doc-id>"
        f'<doc-type type="send" dept="{b64("행정제도과")}" name="{b64("홍길동")}"/><send-gw>{b64("온나라")}</send-gw>'
        "<dtd-version>2.0</dtd-version><xsl-version>2.0</xsl-version></header>\n<contents>\n"
        '<content content-role="pubdoc" content-transfer-encoding="base64" filename="cHViZG9jLnhtbA=="'
        ' content-type="text/xml" charset="euc-kr">PD94bWw/Pg==</content>\n</contents>\n</pack>\n'
    )


def test_the_filename_attribute_is_written_only_when_asked():
    assert b"pack filename" not in write_pack(PACK)
    data = write_pack(PACK, with_filename="131012361100002026050610150001.xml")
    assert read_pack(data)[0].filename == "131012361100002026050610150001.xml"
    assert codes(validate("pack", data)) == ["dtd-invalid"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"send_orgcode": "131000"}, "pack-code-invalid"),
        ({"receive_ids": ()}, "pack-code-invalid"),
        ({"receive_ids": ("6110000", "<x/>")}, "pack-code-invalid"),
        ({"date": "2026.5.6"}, "pack-date-invalid"),
        ({"doc_type": "submit"}, "pack-type-unknown"),
        ({"doc_id": ""}, "element-missing"),
        ({"title": "\U0001f600"}, "char-unencodable"),
    ],
)
def test_what_no_receiver_would_take_is_not_written(change, code):
    with pytest.raises(FormatError) as caught:
        write_pack(dataclasses.replace(PACK, **change))
    assert codes(caught.value.findings) == [code]


def test_substitution_and_long_titles_are_reported():
    report = []
    data = write_pack(dataclasses.replace(PACK, title="가" * 126 + "\u301c"), unencodable="substitute", report=report)
    assert sorted(codes(report)) == ["char-substituted", "title-long"]
    assert read_pack(data)[0].title == "가" * 126 + "～"


def test_order_blanks_in_base64_and_extra_elements_are_put_right():
    parts = ["<title>" + b64("제목")[:4] + "\r\n  " + b64("제목")[4:] + "</title>", "<x-new>1</x-new>"]
    xml = pack_xml("".join(parts) + header(skip=("title",)))
    pack, findings = read_pack(xml)
    assert pack.title == "제목"
    assert codes(findings) == ["element-unknown", "element-order"]


@pytest.mark.parametrize(
    ("raw", "date", "found"),
    [
        ("", "", ["pack-date-invalid"]),
        ("#CURTIME", "", ["pack-date-invalid"]),
        ("20260506101500", "2026-05-06 10:15:00", ["date-form"]),
        ("2026.05.06 10:15:00", "2026-05-06 10:15:00", ["date-form"]),
    ],
)
def test_dates_as_they_come(raw, date, found):
    pack, findings = read_pack(pack_xml(header(date=raw)))
    assert (pack.date, codes(findings)) == (date, found)


def test_names_in_utf8_or_in_the_clear_are_accepted():
    pack, findings = read_pack(pack_xml(header(title=b64("행정안전부", "utf-8"), send_name="행정안전부")))
    assert (pack.title, pack.send_name) == ("행정안전부", "행정안전부")
    assert [(f.code, f.field) for f in findings] == [
        ("base64-missing", "send-name"),
        ("charset-declared-wrong", "title"),
    ]


def test_missing_parts_are_named_with_their_severity():
    pack, findings = read_pack(pack_xml(header(skip=("send-gw", "doc-id"))))
    assert (pack.send_gw, pack.doc_id) == ("", "")
    assert {(f.field, f.severity) for f in findings if f.code == "element-missing"} == {
        ("send-gw", "repair"),
        ("doc-id", "reject"),
    }


def test_an_alias_counts_only_by_setting():
    xml = pack_xml(header('<doc-type type="submit" dept="" name=""/>'))
    with pytest.raises(FormatError) as caught:
        read_pack(xml)
    assert codes(caught.value.findings) == ["pack-type-unknown"]
    assert read_pack(xml, aliases={"submit": "send"})[0].doc_type == "send"


def content(data, **changed):
    attrs = {
        "content-role": "pubdoc",
        "filename": b64("pubdoc.xml"),
        "content-type": "text/xml",
        "charset": "euc-kr",
    } | changed
    return "<content " + " ".join(f'{name}="{value}"' for name, value in attrs.items()) + f">{data}</content>"


@pytest.mark.parametrize(
    ("xml", "data", "found"),
    [
        (content("  PD94\n bWw/Pg \t"), b"<?xml?>", []),
        (content(b64("x"), charset=""), b"x", ["charset-empty"]),
        (content("%%%"), b"", ["base64-invalid"]),
        (content("그대로", **{"content-transfer-encoding": "8bit"}), "그대로".encode(), ["base64-missing"]),
        (content("&lt;pubdoc/&gt;"), b"<pubdoc/>", ["base64-missing"]),
        (content("<pubdoc/>"), b"<?xml version='1.0' encoding='utf-8'?>\n<pubdoc/>", []),
    ],
)
def test_contents_as_they_come(xml, data, found):
    pack, findings = read_pack(pack_xml(header(), xml))
    assert (pack.contents[0].data, codes(findings)) == (data, found)


def test_a_forged_mark_is_plain_content():
    big = base64.b64encode(b"x" * 9000).decode()
    pack, _ = read_pack(pack_xml(header(), content(big) + content("#run:0") + content("#run:99")))
    assert pack.contents[0].data == b"x" * 9000
    assert [each.data for each in pack.contents[1:]] == [b"", b""]


def test_a_large_attachment_passes():
    data = write_pack(dataclasses.replace(PACK, contents=(Content("attach", "큰.zip", b"\x00\xff" * 10_000_000),)))
    assert len(read_pack(data)[0].contents[0].data) == 20_000_000


@pytest.mark.parametrize("data", [b"<pubdoc/>", b"<pack><contents/></pack>"])
def test_other_files_are_refused(data):
    with pytest.raises(FormatError) as caught:
        read_pack(data)
    assert codes(caught.value.findings) == ["pack-not-a-pack"]


@given(code, code, st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1)), st.integers(0, 99))
def test_file_names_both_ways(send, receive, when, seq):
    aware = when.replace(microsecond=0, tzinfo=KST)
    name = pack_file_name(send, receive, aware.astimezone(dt.UTC), seq)
    assert len(name) == 34
    parsed = parse_pack_file_name(name)
    assert (parsed.send_id, parsed.receive_id, parsed.when, parsed.seq) == (send, receive, aware, seq)


@pytest.mark.parametrize(
    "name", ["", "x.xml", "131012361100002026130610150001.xml", "../1012361100002026050610150001.xml"]
)
def test_other_file_names_are_refused(name):
    with pytest.raises(FormatError):
        parse_pack_file_name(name)


def test_content_types():
    assert content_type_for("붙임.HWPX") == "application/octet-stream"
    assert content_type_for("seal.GIF") == "image/gif"
    assert content_type_for("a.xls") == "application/vnd.ms-excel"
