"""How values become pieces: each with the machine's value and its wording in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import override

from accounts.models import Contact, Department, User
from base import wording
from ledger.canonical import plain
from procedure.queries import Words
from record_form.structure import FormLine, Piece

Wording = str | Promise | Words | Callable[[], object]


def both(wording: Wording) -> Words:
    """A text of ours in Chinese and English: a lazy message, or a call that words it in the active language."""
    if isinstance(wording, Words):
        return wording
    if isinstance(wording, str):
        return Words(wording, wording)
    return _of_message(_Message(wording)) if isinstance(wording, Promise) else _in_both(wording)


@dataclass(frozen=True, eq=False)
class _Message:
    """A lazy message by what it is, not by what it says: that would be another in each language."""

    message: Promise

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Message) and self.message is other.message

    def __hash__(self) -> int:
        return id(self.message)


@lru_cache(maxsize=2048)
def _of_message(message: _Message) -> Words:
    """A form has three hundred, the same ones every time."""
    return _in_both(lambda: message.message)


def _in_both(say: Callable[[], object]) -> Words:
    with override("zh-hans"):
        chinese = str(say())
    with override("en"):
        return Words(chinese, str(say()))


def text(typed: str) -> Piece | None:
    """What somebody typed, as it stands; nothing for an empty text."""
    return Piece(text=typed) if typed.strip() else None


def word(wording: Wording, code: object = "") -> Piece:
    """Words of ours, with the value that they stand for."""
    words = both(wording)
    return Piece(zh=words.zh, en=words.en or words.zh, code=str(code))


def at(instant: datetime | None) -> Piece | None:
    """An instant, printed to the minute in China's time."""
    return Piece(at=str(plain(instant))) if instant else None


def on(day: date | None) -> Piece | None:
    return Piece(on=day.isoformat()) if day else None


def digest(sha256: str) -> Piece:
    """A check code, printed short."""
    return Piece(hash=sha256)


def person(user: User | None) -> Piece | None:
    return word(Words(user.name, user.name_en or user.name), user.stream) if user else None


def contact(person: Contact | None) -> Piece | None:
    """A person of the customer with the job title."""
    if person is None:
        return None
    titled = Words(f"{person.name}（{person.title}）", f"{person.name} ({person.title})")
    return word(titled if person.title else Words(person.name), person.stream)


def department(unit: Department) -> Piece:
    return word(Words(unit.name, unit.name_en or unit.name), unit.code)


def span(length: timedelta) -> Piece:
    """A length of time to the minute, days, hours and minutes; the code is its seconds."""
    return word(lambda: _span_words(length), int(length.total_seconds()))


def _span_words(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    amounts = zip(wording.units(), (days, hours, minutes), strict=True)
    return " ".join(unit % amount for unit, amount in amounts if amount) or wording.under_a_minute()


def box(wording: Wording, code: object, *, ticked: bool) -> Piece:
    return {**word(wording, code), "ticked": ticked}


def boxes(choices: Iterable[tuple[object, Wording]], chosen: object) -> FormLine:
    """One box a choice; `chosen` is a value or a collection of them."""
    taken = chosen if isinstance(chosen, (list, tuple, set, frozenset)) else (chosen,)
    return [box(wording, code, ticked=code in taken) for code, wording in choices]


def named(name: Wording, piece: Piece | None) -> Piece | None:
    """The piece with what it is in front of it; nothing stays nothing."""
    if piece is None:
        return None
    words = both(name)
    return {**piece, "name_zh": words.zh, "name_en": words.en}


def line(*pieces: Piece | None) -> FormLine:
    """The pieces that there are."""
    return [piece for piece in pieces if piece is not None]


def says_something(pieces: FormLine) -> bool:
    """Whether anything was filled in: a box counts when it is ticked."""
    return any(piece.get("ticked", True) for piece in pieces)
