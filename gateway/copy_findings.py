"""Copies the sentences of the adapters' findings into the catalogues of the gateway, which may not import the adapters.

``python gateway/copy_findings.py`` reads ``adapters.formats.messages`` and writes ``problem:<code>`` into both .po files;
everything else in them stays as it is. A test says when it is due.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from adapters.formats.messages import MESSAGES

LOCALE = Path(__file__).parent / "src" / "gateway" / "locale"
# Dates and addresses that babel puts into a new header; they would change with every run.
_HEADER = ("POT-Creation", "PO-Revision", "Last-Translator", "Language-Team", "Report-Msgid", "Generated-By")


def copied(catalogue: Catalog, language: str) -> Catalog:
    """The catalogue with every finding's sentence in the language, in order of message ids."""
    sentences = {each.id: each.string for each in catalogue if each.id}
    for code, message in MESSAGES.items():
        sentences[f"problem:{code}"] = message.ko if language == "ko" else message.en
    made = Catalog(locale=language, project="onnara-gateway", version="0.1.0", fuzzy=False)
    made.header_comment = catalogue.header_comment
    for key in sorted(sentences):
        made.add(key, sentences[key])
    return made


def main() -> None:
    """Writes both catalogues."""
    for language in ("en", "ko"):
        path = LOCALE / language / "LC_MESSAGES" / "gateway.po"
        with path.open("rb") as source:
            catalogue = copied(read_po(source, locale=language), language)
        with path.open("wb") as target:
            write_po(target, catalogue, width=120)
        lines = path.read_text("utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(tuple(f'"{name}' for name in _HEADER))]
        path.write_text("\n".join(kept) + "\n", "utf-8")


if __name__ == "__main__":
    main()
