"""The fast way of the approval line: the pieces of a row's steps in their order.

pieces of cells within a step -> one piece of the message a step.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from google.protobuf.message import Message

from adapters.canonical.tabular.groups import Group
from adapters.canonical.tabular.places import list_on
from adapters.canonical.tabular.seen import Reader, Seen, entry_piece
from adapters.canonical.tabular.steps import Steps
from adapters.canonical.tabular.wire import Prefix, part_at
from onnara.exchange.v1.official_document_pb2 import ApprovalStep

_join: Final = b"".join


class SwiftLines:
    """The steps of one kind of record. Raises ValueError when two cells fill a list within a step between them."""

    def __init__(self, steps: Steps, form: type[Message]) -> None:
        self._prefix = _steps_of(form)
        self._steps = steps
        self._models: list[tuple[int, int, int, list[bytes], bytes]] = []
        self._last = -1

    def arranged(self) -> list[int]:
        """Give the columns of the steps in their order."""
        out: list[int] = []
        for model in self._steps.models:
            begun = len(out)
            acted_at = -1
            for part in model.parts:
                if list_on(ApprovalStep.DESCRIPTOR, part.path):
                    raise ValueError(part.path)
                if part.path == "acted_at":
                    acted_at = len(out)
                out.append(part.column)
            outcome: Any = model.acted
            said = ApprovalStep(outcome=outcome, asserted_by=self._steps.system) if model.acted else ApprovalStep()
            heads = [_head(model.template, order) for order in range(1, len(self._steps.models) + 1)]
            self._models.append((begun, len(out), acted_at if model.acted else -1, heads, said.SerializeToString()))
        if self._steps.last is not None:
            self._last = len(out)
            out.append(self._steps.last.column)
        return out

    def all(self, pieces: Sequence[bytes]) -> bytes:
        """Give the steps for which there is a value. `pieces`: of the steps' columns as they are arranged."""
        prefix, order = self._prefix, 0
        out: list[bytes] = []
        for begun, end, acted_at, heads, acted in self._models:
            inside = _join(pieces[begun:end])
            if inside:
                step = heads[order] + inside
                order += 1
                if acted_at >= 0 and pieces[acted_at]:
                    step += acted
                out += (prefix[len(step)], step)
        if self._last >= 0 and (inside := pieces[self._last]):
            out += (prefix[len(inside)], inside)
        return _join(out)


def _head(template: Any, order: int) -> bytes:
    step = ApprovalStep()
    step.CopyFrom(template)
    step.order = order
    return step.SerializeToString()


class SwiftGroup:
    """The entries of one table within a record, each a step."""

    def __init__(self, group: Group, form: type[Message], at: int, read: Reader | None, *, kept: bool) -> None:
        self._prefix = _steps_of(form)
        self._group = group
        self._at = at
        make = entry_piece(self._step, read)
        # Entries that come as values cannot be looked up.
        self._piece = Seen(make).__getitem__ if kept else make
        self._heads = [_head(ApprovalStep(), order) for order in range(1, 100)]

    def _step(self, values: Any) -> ApprovalStep:
        step = ApprovalStep()
        self._group.fill(self._group.entry(values), step)
        return step

    def put(self, cells: Sequence[Any], out: list[bytes]) -> None:
        """Add the steps of a record. Raises one of `ODD`."""
        prefix = self._prefix
        if len(cells[self._at] or ()) > len(self._heads):
            raise ValueError(self._group.field)
        for head, cell in zip(self._heads, cells[self._at] or (), strict=False):
            step = head + self._piece(cell)
            out += (prefix[len(step)], step)


class SwiftNumbered:
    """The entries of numbered columns, each a step; those of empty cells are none.

    picks: the cells of each entry. reads: how they become values.
    """

    def __init__(
        self, group: Group, form: type[Message], picks: Sequence[Callable[[Any], Any]], reads: Sequence[Reader | None]
    ) -> None:
        self._prefix = _steps_of(form)
        self._group = group
        self._picks = picks
        self._reads = reads
        self._piece = Seen(self._made)
        self._heads = [_head(ApprovalStep(), order) for order in range(1, len(picks) + 1)]

    def _made(self, cells: Any) -> bytes:
        values = [cell if read is None else read(cell) for read, cell in zip(self._reads, cells, strict=True)]
        if all(value in {None, ""} for value in values):
            return b""
        step = ApprovalStep()
        self._group.fill(self._group.entry(dict(zip(self._group.fields, values, strict=True))), step)
        return step.SerializeToString()

    def put(self, cells: Sequence[Any], out: list[bytes]) -> None:
        """Add the steps of a record. Raises one of `ODD`."""
        prefix, order = self._prefix, 0
        for pick in self._picks:
            piece = self._piece[pick(cells)]
            if piece:
                step = self._heads[order] + piece
                order += 1
                out += (prefix[len(step)], step)


def _steps_of(form: type[Message]) -> Prefix:
    documents = "document" in form.DESCRIPTOR.fields_by_name
    return part_at(form.DESCRIPTOR, ("document", "steps") if documents else ("steps",))
