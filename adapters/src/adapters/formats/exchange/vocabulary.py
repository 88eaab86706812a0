"""The words each generation of the link allows in attributes. Read by `read` and `write`; the meaning is mapped elsewhere.

Two generations: `exchange.dtd` of the 2006 interface, `exchange_mis.dtd` of the On-nara link.
"""

from typing import Final, Literal

Generation = Literal["exchange", "exchange_mis"]

DTD_FILE: Final[dict[Generation, str]] = {"exchange": "exchange.dtd", "exchange_mis": "exchange_mis.dtd"}

SANCTION_TYPES: Final[dict[Generation, tuple[str, ...]]] = {
    "exchange": ("기안", "검토", "협조", "전결", "대결", "결재"),
    "exchange_mis": ("기안", "검토", "협조", "병렬협조", "결재", "전결", "대결", "전대결"),
}
SANCTION_RESULTS: Final[dict[Generation, tuple[str, ...]]] = {
    "exchange": ("상신", "기안취소", "승인", "반려", "미결"),
    "exchange_mis": ("상신", "결재", "1인결재", "중단", "재검토", "협조", "공석", "미처리"),
}
DEFAULT_RESULT: Final[dict[Generation, str]] = {"exchange": "미결", "exchange_mis": "미처리"}
NOTIFICATIONS: Final[dict[Generation, tuple[str, ...]]] = {
    "exchange": ("all", "final"),
    "exchange_mis": ("all", "final", "none"),
}
STATUSES: Final = ("진행", "완료")
DOC_KINDS: Final = ("dopt1", "dopt2")
READING_BOUNDS: Final = ("all", "organ", "div", "dept", "line")
READING_LIMITS: Final = ("none", "progress", "setdate")
TASK_CARD_TYPES: Final = ("bis", "pjt", "org")
SOURCE_DOCUMENT_TYPES: Final = ("doc", "enf")
ORG_TYPES: Final = ("GOV", "PUB", "CIVIL")
SYSTEM_TYPES: Final = ("A", "O")
FLOW_TYPES: Final = ("DRT01", "DRT02", "DRT03")
FINAL_LEVEL: Final = "final"
