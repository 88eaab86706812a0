"""XML of strangers: attacks are refused by name, the field's usual faults are repaired and reported."""

import time

import pytest

from adapters.formats.findings import FormatError
from adapters.formats.xmlsafe import parse

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]><lolz>&lol2;</lolz>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><a>&xxe;</a>"""
PARAMETER = b"""<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]><a/>"""
SHADOW = b"""<!DOCTYPE a [<!ENTITY nbsp "&lt;script&gt;">]><a>&nbsp;</a>"""
ELEMENTS = b"""<!DOCTYPE a [<!ELEMENT a ANY>]><a/>"""
BEHIND_COMMENT = b"<!-- " + b"x" * 5000 + b" -->" + BOMB[21:]
TWICE = b"""<!DOCTYPE a SYSTEM "a.dtd"><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>"""
LOWER = b"""<!doctype a [<!ENTITY x "y">]><a>&x;</a>"""


def code(error):
    return error.value.findings[0].code


@pytest.mark.parametrize("data", [BOMB, EXTERNAL, PARAMETER, SHADOW, ELEMENTS, BEHIND_COMMENT, TWICE, LOWER])
def test_declarations_that_could_attack_are_refused(data):
    with pytest.raises(FormatError) as caught:
        parse(data)
    assert code(caught) == "xml-entity-forbidden"


def test_a_document_type_that_names_an_address_fetches_nothing():
    root, prepared = parse(b'<!DOCTYPE a PUBLIC "-//X//Y" "http://127.0.0.1:9/a.dtd"><a>x</a>')
    assert (root.text, prepared.doctype, prepared.system) == ("x", "a", "http://127.0.0.1:9/a.dtd")


def test_size_is_limited():
    with pytest.raises(FormatError) as caught:
        parse(b"<a>" + b"x" * 100 + b"</a>", max_bytes=50)
    assert code(caught) == "xml-too-large"


@pytest.mark.parametrize("data", [b"", b"  \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_says_so(data):
    with pytest.raises(FormatError) as caught:
        parse(data)
    assert code(caught) == "xml-empty"


def test_malformed_xml_says_where():
    with pytest.raises(FormatError) as caught:
        parse('<?xml version="1.0" encoding="euc-kr"?>\n<a>\n<b>가</c></a>'.encode("cp949"))
    finding = caught.value.findings[0]
    assert (finding.code, finding.params["line"]) == ("xml-malformed", "3")


def test_deep_nesting_is_refused_without_harm():
    with pytest.raises(FormatError) as caught:
        parse(b"<a>" * 5000 + b"</a>" * 5000)
    assert code(caught) == "xml-malformed"


@pytest.mark.parametrize(
    ("data", "text", "codes"),
    [
        (b"<a>1&nbsp;2&middot;3</a>", "1\u00a02·3", ["xml-entity-replaced"]),
        (
            b'<!DOCTYPE a [<!ENTITY nbsp "&#160;">]><a>1&nbsp;2</a>',
            "1\u00a02",
            ["xml-entity-declared", "xml-entity-replaced"],
        ),
        (b"<a>R&D; AT&T & co</a>", "R&D; AT&T & co", ["xml-ampersand-bare"]),
        ('\ufeff<?xml version="1.0" encoding="euc-kr"?><a>가</a>'.encode(), "가", ["xml-byte-order-mark"]),
        ("\ufeff<a>가</a>".encode("utf-16-le"), "가", ["xml-byte-order-mark"]),
        (b'\r\n  <?xml version="1.0"?><a>x</a>', "x", ["xml-leading-blank"]),
        ('<?xml version="1.0" encoding="UTF-8"?><a>똠방</a>'.encode("cp949"), "똠방", ["charset-declared-wrong"]),
        ("<?xml version='1.0' encoding='euc-kr'?><a>똠방</a>".encode(), "똠방", ["charset-declared-wrong"]),
        (b"<a>x\x0by\x00</a>\x00\x1a", "xy", ["xml-control-character"]),
        (b'<?xml version="1.0"?><?xml:stylesheet href="siheng.xsl"?><a>x</a>', "x", []),
    ],
)
def test_usual_faults_are_repaired(data, text, codes):
    root, prepared = parse(data)
    assert root.text == text
    assert [finding.code for finding in prepared.findings] == codes


def test_cdata_and_comments_keep_their_ampersands():
    root, prepared = parse(b"<a><![CDATA[a&nbsp;b & c]]><!-- &nbsp; -->d</a>")
    assert root.text == "a&nbsp;b & cd"
    assert prepared.findings == ()


@pytest.mark.parametrize("unit", [b"<!--", b"<![CDATA[", b"&", b"<?", b"<!DOCTYPE ", b"&#", b"]]>"])
def test_hostile_repetition_costs_linear_time(unit):
    started = time.process_time()
    with pytest.raises(FormatError):
        parse(b"<a " + unit * 200_000)
    assert time.process_time() - started < 5
