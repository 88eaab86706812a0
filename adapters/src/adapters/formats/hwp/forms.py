"""Form objects of HWP 5 (buttons, boxes, lists): their property text to the words a reader sees.

The text is a list of `Name:type:length:value`; only captions and typed text are words.
"""

import re
from typing import Final

_WORDS: Final = re.compile(r"(?:Caption|Text):wstring:(\d{1,5}):")


def caption_of(properties: str) -> list[str]:
    """Give the words of a form object, none for one without."""
    found = []
    for match in _WORDS.finditer(properties):
        text = properties[match.end() : match.end() + int(match[1])].replace("\0", "")
        if text.strip():
            found.append(text)
    return found
