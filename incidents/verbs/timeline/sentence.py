"""What the time line says of an entry, and the pieces that its sentences are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

from incidents.verbs.timeline.history import HistoryEntry
from incidents.verbs.timeline.names import Names

Filter = Literal["contact", "handling", "time", "changes"]
CONTACT: Filter = "contact"
HANDLING: Filter = "handling"
TIME: Filter = "time"
CHANGES: Filter = "changes"


@dataclass(frozen=True)
class Change:
    """What stood under a label before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Sentence:
    """A sentence with a longer text below it, or with a value before and after, or several such under their labels."""

    text: str
    detail: str = ""
    before: str = ""
    after: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class LineFormat:
    """How the entries of one verb are shown: the filters under which they are found, their sentence, their icon.

    Without an icon of its own an entry has that of its verb. `is_edit` marks one that corrects what stood before.
    `row` is the kind of row that it tells of, with which it is struck through.
    The sentence has to stand without any value that it would like to name: an entry may be older than a column.
    """

    filters: tuple[Filter, ...]
    sentence: Callable[[HistoryEntry, Names], Sentence]
    icon: str = ""
    is_edit: bool = False
    row: str = ""


def fixed(text: Promise, *columns: str) -> Callable[[HistoryEntry, Names], Sentence]:
    """The same sentence always, with what was written into these columns of the record below it."""
    return lambda entry, names: Sentence(str(text), lines(*(entry.fields.text(name) for name in columns)))


def filled(full: str, plain: str, **values: object) -> str:
    """The sentence with its values; the plain one where one of them is not known."""
    return plain if any(value in (None, "") for value in values.values()) else full % values


def either(known: bool | None, yes: str, no: str, plain: str) -> str:
    """One of two sentences; the plain one where it is not known which."""
    if known is None:
        return plain
    return yes if known else no


def lines(*texts: str) -> str:
    """One below the other, those that are not empty."""
    return "\n".join(filter(None, texts))
