"""Code pages of dBase tables by the byte at offset 29 (language driver). Korean makers often leave it 0: taken as CP949."""

from typing import Final

_TABLE: Final = {
    "cp437": "01 09 0B 0D 0F 11 15 18 19 1B",
    "cp850": "02 0A 0E 10 12 14 16 1A 1D 25 37",
    "cp1252": "03 57 58 59",
    "mac_roman": "04",
    "cp865": "08 17 66",
    "cp932": "13 7B",
    "cp863": "1C 6C",
    "cp852": "1F 22 23 40 64 87",
    "cp860": "24",
    "cp866": "26 65",
    "gbk": "4D 7A",
    "cp949": "00 4E 79",
    "cp950": "4F 78",
    "cp874": "50 7C",
    "cp861": "67",
    "cp737": "6A 86",
    "cp857": "6B 88",
    "cp1255": "7D",
    "cp1256": "7E",
    "mac_cyrillic": "96",
    "mac_latin2": "97",
    "mac_greek": "98",
    "cp1250": "C8",
    "cp1251": "C9",
    "cp1254": "CA",
    "cp1253": "CB",
    "cp1257": "CC",
}
CODE_PAGES: Final = {int(byte, 16): codec for codec, bytes_ in _TABLE.items() for byte in bytes_.split()}
