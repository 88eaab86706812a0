"""The approval line a record stands for: named steps of the manifest <-> steps of the message.

`[[step]]` entries say name, role, mode, outcome, whether the agency asserts it (`asserted`), and what an acted step came to
(`acted`). A step without any value is left out; the entries' order is the line's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.canonical.tabular.places import Place
from onnara.exchange.v1 import official_document_pb2 as words
from onnara.exchange.v1.official_document_pb2 import ApprovalStep

# The step whose opinion answers for the whole line in answers that have one cell for it.
LAST: Final = "last"


@dataclass(frozen=True, slots=True)
class Part:
    """One column that belongs to a step: index among the columns, and the place inside the step with its path there."""

    column: int
    step: str
    place: Place
    path: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """One named step. acted: the outcome of one that has a time; 0: the template's."""

    name: str
    template: ApprovalStep
    acted: int
    parts: tuple[Part, ...]


class Steps:
    """The steps of one kind of record."""

    def __init__(self, entries: Sequence[Mapping[str, Any]], parts: Sequence[Part], system: str) -> None:
        known = {entry["name"] for entry in entries} | {LAST}
        for part in parts:
            if part.step not in known:
                raise ValueError(f"steps.{part.step}: there is no [[step]] of this name")
        self.models = [model_of(entry, parts, system) for entry in entries]
        self.system = system
        self.last = next((part for part in parts if part.step == LAST), None)

    def put(self, values: Sequence[Any], steps: Any) -> None:
        """Add the steps for which there is a value. `values`: of all columns."""
        order = 0
        for model in self.models:
            step = None
            for part in model.parts:
                value = values[part.column]
                if value is None:
                    continue
                if step is None:
                    order += 1
                    step = steps.add()
                    step.CopyFrom(model.template)
                    step.order = order
                part.place.put(step, value)
            if step is not None and model.acted and step.HasField("acted_at"):
                step.outcome, step.asserted_by = model.acted, self.system
        if self.last is not None and values[self.last.column] is not None:
            self.last.place.put(steps.add(), values[self.last.column])

    def take(self, steps: Sequence[ApprovalStep], values: list[Any]) -> None:
        """Fill in the columns' values from a line; steps without a model leave nothing (the comparison finds them)."""
        if self.last is not None:
            said = [found for step in steps if (found := self.last.place.take(step))]
            values[self.last.column] = said[-1] if said else None
        free = list(self.models)
        for step in steps:
            same = [model for model in free if model.template.role == step.role]
            exact = [model for model in same if model.template.mode == step.mode]
            if not same:
                continue
            model = (exact or same)[0]
            free.remove(model)
            for part in model.parts:
                values[part.column] = part.place.take(step)


def model_of(entry: Mapping[str, Any], parts: Sequence[Part], system: str) -> Model:
    """Make a `[[step]]` entry ready. Raises ValueError or KeyError."""
    template = ApprovalStep(
        role=words.StepRole.Value(entry["role"]),
        mode=words.StepMode.Value(entry["mode"]),
        outcome=words.StepOutcome.Value(entry["outcome"]),
        asserted_by=system if entry.get("asserted") else "",
    )
    acted = words.StepOutcome.Value(entry["acted"]) if "acted" in entry else 0
    own = tuple(part for part in parts if part.step == entry["name"])
    return Model(entry["name"], template, acted, own)
