"""Columns of the table of agency codes (기관코드), under the headings of the public file, in its order.

Tables are read by heading, so other orders and further columns (names of the kinds, abbreviations) do no harm.
"""

from enum import StrEnum


class Column(StrEnum):
    """Heading of a column. What a value means stands at the attribute of ``CodeRow`` that takes it."""

    CODE = "기관코드"
    FULL_NAME = "전체기관명"
    NAME = "최하위기관명"
    LEVEL = "차수"
    ORDER = "서열"
    AGENCY_LEVEL = "소속기관차수"
    PARENT = "차상위기관코드"
    TOP = "최상위기관코드"
    REPRESENTATIVE = "대표기관코드"
    KIND_LARGE = "유형분류_대"
    KIND_MIDDLE = "유형분류_중"
    KIND_SMALL = "유형분류_소"
    POSTCODE = "우편번호"
    ADMINISTRATIVE_AREA = "행정동코드"
    LOCATION = "소재지코드"
    ADDRESS = "나머지주소"
    LOT_NUMBER = "지번"
    TELEPHONE = "전화번호"
    FAX = "팩스번호"
    CREATED = "생성일자"
    ABOLISHED_ON = "폐지일자"
    CHANGED = "변경일자"
    STATUS = "존폐여부"
    PREDECESSORS = "이전기관코드"


STANDARD = tuple(Column)
"""The 24 columns in the order of the public file; a file without a line of headings is read by it."""

KINDS = (Column.KIND_LARGE, Column.KIND_MIDDLE, Column.KIND_SMALL)
