"""The names and words that sentences about a record are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import Contact, User
from base import wording
from base.text import alone
from desk.record.rows import People
from incidents.models import Impact, Urgency, Way
from procedure.queries import Rules

QUOTED = 120


@dataclass(frozen=True)
class Names:
    """People by their keys and codes by their words, in the reader's language."""

    people: People
    book: Rules

    def person(self, key: int | None) -> str:
        found: User | None = self.people.staff.get(key) if key else None
        return found.get_full_name() if found else ""

    def contact(self, key: int | None) -> str:
        found: Contact | None = self.people.contacts.get(key) if key else None
        return found.name if found else ""

    def leaf(self, code: str) -> str:
        return str(self.book.leaf(code).name) if code in self.book.leaves else code

    def grade(self, impact: str, urgency: str) -> str:
        return f"{Impact(impact).label} × {Urgency(urgency).label}"

    def level(self, priority: int | None) -> str:
        return str(self.book.levels[priority].name) if priority in self.book.levels else "–"


def way(code: str) -> str:
    """By which means, in words; a word of another system stays as it came."""
    return str(Way(code).label) if code in Way.values else code


def moment(value: Any) -> str:
    """An instant, also one from the ledger, as near as it needs; nothing for none."""
    at = value if isinstance(value, datetime) or value is None else parse_datetime(value)
    return wording.clock_time(at) if at else ""


def short(text: str, longest: int = QUOTED) -> str:
    """The first line of a text, cut where it grows long."""
    line = " ".join(text.split())
    return alone(line if len(line) <= longest else f"{line[:longest].rstrip()}…")


def listed(parts: list[str]) -> str:
    return _(", ").join(alone(part) for part in parts if part)


def joined(sentences: list[str]) -> str:
    """Sentences one after the other, as the language sets them."""
    said = sentences[0] if sentences else ""
    for sentence in sentences[1:]:
        said = _("%(first)s %(next)s") % {"first": said, "next": sentence}
    return said
