"""The names and words that sentences about a record are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Choices
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import Contact, User
from base import wording
from base.text import alone
from incidents.models import Impact, Urgency, Way
from procedure.queries import Rules

QUOTED = 120


@dataclass(frozen=True)
class Names:
    """People and what was adopted by their keys, and codes by their words, in the reader's language."""

    book: Rules
    staff: Mapping[int, User] = field(default_factory=dict)
    contacts: Mapping[int, Contact] = field(default_factory=dict)
    articles: Mapping[int, str] = field(default_factory=dict)
    cases: Mapping[int, str] = field(default_factory=dict)

    def person(self, key: int | None) -> str:
        found = self.staff.get(key) if key else None
        return found.get_full_name() if found else ""

    def contact(self, key: int | None) -> str:
        found = self.contacts.get(key) if key else None
        return found.name if found else ""

    def adopted(self, article: int | None, case: int | None) -> str:
        """The code of the article (by its version), or the number of the like case."""
        return self.articles.get(article or 0, "") or self.cases.get(case or 0, "")

    def leaf(self, code: str) -> str:
        return str(self.book.leaf(code).name) if code in self.book.leaves else code

    def grade(self, impact: str, urgency: str) -> str:
        return f"{label(Impact, impact)} × {label(Urgency, urgency)}"

    def level(self, priority: int | None) -> str:
        return str(self.book.levels[priority].name) if priority in self.book.levels else "–"


def label(choices: type[Choices], code: str) -> str:
    """The word for a code; one that is not (or no longer) among the choices stays as it came."""
    return str(choices(code).label) if code in choices.values else code


def way(code: str) -> str:
    """By which means, in words; a word of another system stays as it came."""
    return label(Way, code)


def moment(value: str) -> str:
    """An instant from the ledger, as near as it needs; nothing for none."""
    try:
        at = parse_datetime(value)
    except ValueError:
        return ""
    return wording.clock_time(at) if at else ""


def short(text: str, longest: int = QUOTED) -> str:
    """The first line of a text, cut where it grows long."""
    line = " ".join(text.split())
    return alone(line if len(line) <= longest else f"{line[:longest].rstrip()}…")


def listed(parts: list[str]) -> str:
    return _(", ").join(alone(part) for part in parts if part)
