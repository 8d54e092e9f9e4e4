"""What the sentences of the time line are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from desk.record.names import Names
from desk.record.timeline.history import HistoryEntry

CONTACT, HANDLING, TIME, CHANGES = "contact", "handling", "time", "changes"


@dataclass(frozen=True)
class Sentence:
    """A sentence with a longer text below it, or with a value before and after."""

    text: str
    detail: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class LineFormat:
    """How the entries of one verb are shown: their icon, the filters under which they are found, their sentence."""

    icon: str
    filters: tuple[str, ...]
    sentence: Callable[[HistoryEntry, Names], Sentence]


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
