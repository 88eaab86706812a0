"""Sentences of findings about rows of other systems' tables. Put into one table by `messages`."""

from typing import Final

_TABLE: Final = "columns of the other system's table"

POLLED_MESSAGES: Final[dict[str, tuple[str, str, str]]] = {
    "row-unreadable": (
        "{name} is no row of a table: {reason}.",
        "{name}은(는) 테이블의 행이 아닙니다: {reason}",
        _TABLE,
    ),
    "column-grown": (
        "{field}: '{value}' is {found} long, but the column was known to hold {width}. Ask whether the table was changed.",
        "{field}: '{value}'의 길이는 {found}이나 알려진 칸의 크기는 {width}입니다. 테이블이 바뀌었는지 확인하세요.",
        _TABLE,
    ),
    "value-does-not-fit": (
        "{field}: '{value}' needs {found}; the column holds {width}.",
        "{field}: '{value}'의 길이는 {found}이나 칸의 크기는 {width}입니다.",
        _TABLE,
    ),
    "fraction-left-out": (
        "{field}: fractions of a second of {value} were left out.",
        "{field}: {value}의 1초 미만은 뺐습니다.",
        _TABLE,
    ),
    "lines-differ": (
        "{field}: {promised} lines are announced, {found} are there.",
        "{field}: {promised}줄이라고 적혀 있으나 {found}줄이 있습니다.",
        _TABLE,
    ),
    "lines-unordered": (
        "{field}: the numbers of the lines do not give an order ({value}).",
        "{field}: 줄 번호({value})로는 순서를 정할 수 없습니다.",
        _TABLE,
    ),
}
