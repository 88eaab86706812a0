"""What the messages of one kind of record have in common, for their fast way."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from google.protobuf.message import Message

from adapters.canonical.tabular.table import Column, Table
from adapters.canonical.tabular.wire import Prefix, text_at

SENDER: Final = "document.sender.agency.code"
sender_of: Final = attrgetter(SENDER)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the messages of one kind of record have in common.

    form: class of the message. template: what each of them begins with. head: table of the batch's own row.
    key, identity: indexes of the columns the message's and the record's keys are joined of, by `mark`.
    sender_name: 발신명의 of those with recipients.
    """

    form: type[Message]
    template: Any
    head: Table | None
    key: Sequence[int]
    identity: Sequence[int]
    mark: str
    sender_name: str

    @property
    def documents(self) -> bool:
        """Whether the messages hold documents."""
        return "document" in self.form.DESCRIPTOR.fields_by_name

    def begun(self, *, column_of_sender: bool) -> bytes:
        """Give what every message begins with, what follows from the constants included."""
        message: Any = self.form()
        message.CopyFrom(self.template)
        if self.documents and message.document.recipients and self.sender_name:
            message.document.sender_name = self.sender_name
        if self.documents and not message.origin.agency_code and not column_of_sender:
            message.origin.agency_code = sender_of(message)
        return bytes(message.SerializeToString())

    def named(self) -> bytes:
        """Give the piece of the sender's name."""
        message: Any = self.form()
        if self.sender_name:
            message.document.sender_name = self.sender_name
        return bytes(message.SerializeToString())


def prefix_of(each: Column, form: type[Message]) -> Prefix | None:
    """Give what stands before a column's text; None when it is put otherwise."""
    return text_at(form.DESCRIPTOR, each.path) if each.text else None


def before(form: type[Message], path: str) -> Prefix:
    """Give what stands before a text. Raises ValueError when no text stands at the path."""
    found = text_at(form.DESCRIPTOR, path)
    if found is None:
        raise ValueError(path)
    return found


def shared(columns: Sequence[Column]) -> dict[str, list[int]]:
    """Find the columns that fill entries of one list between them, by the list's path. Raises ValueError for one place twice."""
    lists: dict[str, list[int]] = {}
    taken: set[str] = set()
    for index, each in enumerate(columns):
        if each.place is None:
            continue
        if each.list_path:
            lists.setdefault(each.list_path, []).append(index)
        elif each.path in taken:
            raise ValueError(each.path)
        taken.add(each.path)
    return {path: group for path, group in lists.items() if len(group) > 1}
