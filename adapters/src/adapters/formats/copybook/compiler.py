"""Nodes of a copybook to a plan: which fields lie fast one behind the other, where tables begin, which alternative is meant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.formats.copybook.fields import Rules
from adapters.formats.copybook.plan import Fixed, Overlay, Piece, Scope, Table
from adapters.formats.copybook.source import CopybookError
from adapters.formats.copybook.tree import Node

Chooser = Callable[[Node, Sequence[Node]], Node]
_PROBLEM: Final = "tables that end where a counter says, in a field that others redefine"


@dataclass(frozen=True, slots=True)
class Compiler:
    """Turns nodes into scopes. chooser: which of the fields that share bytes is meant; others: whether to read the rest."""

    rules: Rules
    chooser: Chooser
    others: bool
    whole: bool
    counters: frozenset[str]

    def record(self, node: Node) -> Scope:
        """Compile a record."""
        pieces = self._pieces([node], node.offset)
        return Scope(pieces, node.size, self.rules)

    def _pieces(self, nodes: Sequence[Node], start: int) -> list[Piece]:
        out: list[Piece] = []
        pending: list[Node] = []
        begun = start
        for step in self._steps(nodes):
            if isinstance(step, _Gap):
                out += self._flush(pending, begun, step.end)
                begun, pending = step.end, []
                if step.overlay is not None:
                    out.append(step.overlay)
            elif step.occurs is not None:
                out += self._flush(pending, begun, step.offset)
                out.append(self._table(step))
                begun, pending = step.end, []
            else:
                pending.append(step)
        last = max((node.end for node in nodes), default=start)
        return [*out, *self._flush(pending, begun, last)]

    def _flush(self, nodes: Sequence[Node], start: int, end: int) -> list[Piece]:
        return [Fixed(nodes, start, end - start, self.rules, self.counters)] if end > start else []

    def _table(self, node: Node) -> Table:
        if node.kind == "group":
            pieces = self._pieces(node.children, node.offset)
            inside = max((child.end for child in node.children), default=node.offset) - node.offset
            if inside < node.size:
                pieces.append(Fixed((), 0, node.size - inside, self.rules, frozenset()))
        else:
            pieces = [Fixed([node], node.offset, node.size, self.rules, frozenset())]
        return Table(node, Scope(pieces, node.size, self.rules), self.rules, whole=self.whole)

    def _steps(self, nodes: Sequence[Node]) -> "list[Node | _Gap]":
        """Give fields and tables in order, groups opened, one of those that share bytes."""
        out: list[Node | _Gap] = []
        place = 0
        while place < len(nodes):
            base = nodes[place]
            place += 1
            shared = [base]
            while place < len(nodes) and nodes[place].redefines and nodes[place].offset == base.offset:
                shared.append(nodes[place])
                place += 1
            if len(shared) == 1:
                out += self._opened(base)
                continue
            out += self._shared(shared)
        return out

    def _shared(self, shared: Sequence[Node]) -> "list[Node | _Gap]":
        chosen = self.chooser(shared[0], shared)
        out = self._opened(chosen)
        end = max(node.end for node in shared)
        variable = any(each.occurs is not None and each.occurs.depending for each in chosen.walk())
        overlay = None
        if self.others:
            if variable and not self.whole:
                raise CopybookError(f"{shared[0].name}: {_PROBLEM}")
            scopes = [
                Scope(self._pieces([node], node.offset), node.total, self.rules)
                for node in shared
                if node is not chosen
            ]
            overlay = Overlay(scopes, end - shared[0].offset)
        if not variable or self.whole or overlay is not None:
            out.append(_Gap(end, overlay))
        return out

    def _opened(self, node: Node) -> "list[Node | _Gap]":
        if node.kind == "group" and node.occurs is None:
            return self._steps(node.children)
        return [node]


@dataclass(frozen=True, slots=True)
class _Gap:
    """The bytes up to a place belong to what came before; alternatives are read there."""

    end: int
    overlay: Overlay | None
