"""Sentences of findings about rows of other systems' tables, and about their databases. Put into one table by `messages`."""

from typing import Final

_CONNECTION: Final = "connection to the other system's database"
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
    "their-table-missing": (
        "The table {table} is not there. Check its name and schema in the file of endpoints.",
        "{table} 테이블이 없습니다. 연계 설정 파일의 테이블 이름과 스키마를 확인하세요.",
        _CONNECTION,
    ),
    "their-column-missing": (
        "{table} has no column {field} (it has {there}). Have it added, or put its new name into the file of endpoints or the mapping.",
        "{table} 테이블에 {field} 칸이 없습니다(있는 칸: {there}). 칸을 만들도록 요청하거나 연계 설정 파일 또는 매핑에 새 이름을 적으세요.",
        _CONNECTION,
    ),
    "their-answer-late": (
        "{table} did not answer within {seconds} seconds. It is tried again.",
        "{table} 테이블이 {seconds}초 안에 응답하지 않았습니다. 다시 시도합니다.",
        _CONNECTION,
    ),
    "their-row-unmarked": (
        "{name} was taken in, but {field} could not be set to {mark}: {reason}. It is tried again.",
        "{name}은(는) 받았으나 {field} 칸을 {mark}(으)로 바꾸지 못했습니다: {reason}. 다시 시도합니다.",
        _CONNECTION,
    ),
}
