"""A small tree of the subset and its canonical string. Built by `clean`, read by nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.formats.xmltext import attribute, text, without_controls


@dataclass(slots=True)
class Node:
    """An element: tag, attributes, and texts and elements inside in order."""

    tag: str
    attributes: dict[str, str]
    inside: "list[Node | str]"


def serialise(nodes: "Iterable[Node | str]") -> str:
    """Write nodes in canonical form: double quotes, attributes in their order, empty elements as `<p/>`."""
    out: list[str] = []
    _write(nodes, out)
    return "".join(out)


def _write(nodes: "Iterable[Node | str]", out: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            # A reference such as &#8; brings a control character that did not stand in the source.
            out.append(text(without_controls(node)))
            continue
        opening = node.tag + "".join(
            f' {name}="{attribute(without_controls(value))}"' for name, value in node.attributes.items()
        )
        if node.inside:
            out.append(f"<{opening}>")
            _write(node.inside, out)
            out.append(f"</{node.tag}>")
        else:
            out.append(f"<{opening}/>")
