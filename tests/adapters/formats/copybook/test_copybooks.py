"""Copybooks to layouts: pictures, usages, tables, alternatives, forms of source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.copybook import CopybookError, parse
from adapters.formats.copybook.picture import picture


def fields(text: str, **more) -> list[tuple[str, int, int]]:
    return [(node.key, node.offset, node.size) for record in parse(text, **more) for node in record.walk()][1:]


def one(clauses: str):
    return parse(f"01 R.\n 05 F {clauses}.", "free")[0].find("F")


@pytest.mark.parametrize(
    ("clauses", "kind", "size"),
    [
        ("PIC X", "text", 1), ("PIC X(12)", "text", 12), ("PIC A(3)", "text", 3), ("PICTURE IS XX/XX", "text", 5),
        ("PIC 9(4)", "zoned", 4), ("PIC S9(4)", "zoned", 4), ("PIC S9(4) SIGN LEADING SEPARATE", "zoned", 5),
        ("PIC S9(4) SIGN IS TRAILING SEPARATE CHARACTER", "zoned", 5), ("PIC 99V99 SIGN LEADING SEPARATE", "zoned", 5),
        ("PIC S9(4) SIGN LEADING", "zoned", 4), ("PIC 9(4)V99", "zoned", 6), ("PIC VPPP999", "zoned", 3),
        ("PIC 9(4) COMP", "binary", 2), ("PIC 9(5) BINARY", "binary", 4), ("PIC S9(9) COMP-4", "binary", 4),
        ("PIC S9(10) USAGE IS COMPUTATIONAL", "binary", 8), ("PIC S9(18) COMP-5", "native", 8),
        ("PIC S9(7)V99 COMP-3", "packed", 5), ("PIC 9(4) PACKED-DECIMAL", "packed", 3), ("PIC S999PPP COMP-3", "packed", 2),
        ("PIC 9(4) COMP-6", "unsigned-packed", 2), ("PIC S9(4) COMP-6", "packed", 3), ("COMP-1", "float", 4),
        ("USAGE COMP-2", "double-float", 8), ("POINTER", "opaque", 4), ("PIC G(4)", "double", 8),
        ("PIC N(4) DISPLAY-1", "double", 8), ("PIC N(4) NATIONAL", "national", 8), ("PIC -(5)9.99", "edited", 9),
        ("PIC $ZZZZ9999", "edited", 9), ("PIC ZZ,ZZ9CR", "edited", 8), ("PIC +9V99", "edited", 4), ("BINARY-LONG", "native", 4),
        ("PIC 9(20) COMP", "binary", 9),
    ],
)  # fmt: skip
def test_a_field_takes_the_bytes_the_host_gives_it(clauses, kind, size):
    assert (one(clauses).kind, one(clauses).size) == (kind, size)


@pytest.mark.parametrize(
    ("text", "digits", "scale", "signed"),
    [
        ("S9(7)V99", 9, 2, True), ("999PPP", 3, -3, False), ("VPPP999", 3, 6, False), ("SPP99999", 5, 7, True),
        ("-(5)9.99", 7, 2, True), ("Z(6)VZZ-", 8, 2, True), ("9(6).99CR", 8, 2, True), ("ZZ9", 3, 0, False),
    ],
)  # fmt: skip
def test_pictures_tell_digits_point_and_sign(text, digits, scale, signed):
    shape = picture(text)
    assert (shape.digits, shape.scale, shape.signed) == (digits, scale, signed)


NESTED = """
       01  R.
           05  N                PIC 9(2).
           05  T OCCURS 1 TO 3 TIMES DEPENDING ON N INDEXED BY I.
               10  A            PIC X(3).
               10  B            PIC S9(3) COMP-3 OCCURS 2.
           05  FILLER           PIC X(2).
           05  Z                PIC X.
               88  YES          VALUE 'Y' 'y'.
           66  ALIAS RENAMES N THRU Z.
"""


def test_tables_nest_and_count_at_their_largest():
    record = parse(NESTED)[0]
    assert fields(NESTED) == [("N", 0, 2), ("T", 2, 7), ("A", 2, 3), ("B", 5, 2), ("", 23, 2), ("Z", 25, 1)]
    table = record.find("T")
    assert (table.occurs.least, table.occurs.most, table.occurs.depending, table.total) == (1, 3, "N", 21)
    assert record.find("Z").conditions == {"YES": ("'Y'", "'y'")}
    assert record.size == 26


def test_the_largest_alternative_gives_the_room():
    text = "01 R.\n 05 A PIC X(4).\n 05 B REDEFINES A.\n  10 C PIC 9(9).\n 05 REDEFINES A PIC X(2).\n 05 D PIC X."
    assert fields(text) == [("A", 0, 4), ("B", 0, 9), ("C", 0, 9), ("", 0, 2), ("D", 9, 1)]


def test_words_are_aligned_with_slack_bytes():
    text = (
        "01 R.\n 05 A PIC X.\n 05 B PIC S9(4) COMP SYNC.\n 05 C PIC X.\n 05 D PIC S9(9) COMP SYNC.\n 05 E COMP-2 SYNC."
    )
    assert [(key, at) for key, at, _ in fields(text)] == [("A", 0), ("B", 2), ("C", 4), ("D", 8), ("E", 16)]
    table = "01 R.\n 05 T OCCURS 2.\n  10 B PIC S9(4) COMP SYNC.\n  10 C PIC X."
    assert parse(table)[0].size == 8


def test_names_that_repeat_are_told_by_their_groups():
    text = "01 R.\n 05 P.\n  10 NAME PIC X.\n 05 Q.\n  10 NAME PIC X.\n 05 T OCCURS 2.\n  10 NAME PIC X."
    assert [key for key, _, _ in fields(text)] == ["P", "P.NAME", "Q", "Q.NAME", "T", "NAME"]


def test_clauses_of_a_group_hold_for_its_numbers():
    text = "01 R.\n 05 G COMP-3.\n  10 A PIC 9(3).\n  10 B PIC X(3)."
    assert [(key, size) for key, _, size in fields(text)] == [("G", 5), ("A", 2), ("B", 3)]


@pytest.mark.parametrize(
    "text",
    [
        f"{'000100 01  R.':72}ABC00010\n000200     05  A PIC X(3).  \n000300*    05  B PIC X.\n000400/    05  C PIC X.\n000500     05  D PIC 9.\n",
        "01 R.\n 05 A PIC X(3). *> 05 B PIC X.\n* comment\n 05 D PIC 9.",
        "       01  R. 05 A PIC\n      -    TURE X(3). 05 D\n           PIC 9.\n",
        "       EJECT\n       01  R.\n\t\t05  A                                             PIC X(3).\n       SKIP1\n\t\t05 D PIC 9.\n",
        "       FD  FILE-A LABEL RECORDS STANDARD.\n       01  R.\n           05  A PIC X(3) VALUE 'A.B'.\n           05  D PIC 9.",
        "       01  R.\n           05  A PIC X(3)\n           05  D PIC 9.",
    ],
)  # fmt: skip
def test_forms_of_source_mean_the_same(text):
    assert fields(text) == [("A", 0, 3), ("D", 3, 1)]


def test_a_continued_literal_keeps_its_blanks():
    text = "       01  R.\n           05  A PIC X(9) VALUE 'one\n      -    'two'.\n           05  D PIC 9.\n"
    assert [key for key, _, _ in fields(text)] == ["A", "D"]


def test_copied_books_are_put_in():
    books = {"PERSON": "    05 A PIC X(3).\n    05 D PIC 9."}
    assert fields("    01 R.\n    COPY person.", books=books) == [("A", 0, 3), ("D", 3, 1)]
    with pytest.raises(CopybookError, match="MISSING"):
        parse("    01 R.\n    COPY MISSING.")
    with pytest.raises(CopybookError, match="REPLACING"):
        parse("    COPY PERSON REPLACING A BY B.", books=books)
    with pytest.raises(CopybookError, match="circle"):
        parse("    COPY A.", books={"A": "    COPY A."})


def test_entries_without_a_record_make_one_and_each_01_its_own():
    assert [record.size for record in parse("03 A PIC X(3).\n03 B PIC 9.")] == [4]
    assert [(record.name, record.size) for record in parse("01 A PIC X(3).\n01 B.\n 05 C PIC 9.\n77 D PIC 9.")] == [
        ("A", 3),
        ("B", 1),
        ("D", 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "", "nothing here", "01 R.\n 05 A PIC Q(3).", "01 R.\n 05 A PIC X(3) COMP-3.", "01 R.\n 05 A PIC X FOO.",
        "01 R.\n 05 B REDEFINES A PIC X.", "01 R.\n 05 A OCCURS X PIC X.", "01 R.\n 05 A PIC X(999999).",
        "01 R.\n 05 A OCCURS 99999.\n  10 B OCCURS 99999 PIC X.", "88 C VALUE 1.", "01 R.\n 05 A PIC",
    ],
)  # fmt: skip
def test_what_is_no_copybook_is_refused(text):
    with pytest.raises(CopybookError):
        parse(text)


WORDS = ["01", "05", "10", "88", "A", "B", "C.", "FILLER", "PIC", "X(3)", "9(4)", "S9V9", "COMP-3", "OCCURS", "2", "TO"]
MORE = ["TIMES", "DEPENDING", "ON", "REDEFINES", "VALUE", "'x", "'", ".", "\n", "COPY", "SYNC", "66", "RENAMES", "77"]


@given(text=st.lists(st.sampled_from(WORDS + MORE), max_size=25).map(" ".join))
def test_any_words_are_a_copybook_or_refused(text):
    try:
        records = parse(text)
    except CopybookError:
        return
    assert all(node.offset + node.size <= record.size for record in records for node in record.walk())
