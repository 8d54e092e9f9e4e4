"""How likely an incident is to miss its time, by what is known of its kind (5.4.6).

Kinds go from the category leaf over its two parents to all of the level; levels stay apart, because they are handled
by other people in another way.
"""

from __future__ import annotations

from incidents.models import Declaration
from procedure.queries import Rules
from sla.prediction import Caution, Outlook, likely_from, outlook
from sla.queries import experience_of


def kinds_of(priority: int, leaf: str, path: tuple[str, str]) -> list[str]:
    """The names of the kinds, narrowest first; `path` holds the two upper steps of the category in Chinese."""
    first, second = path
    return [f"{priority}/{leaf}", f"{priority}/{first}/{second}", f"{priority}/{first}", f"{priority}"]


def caution_of(book: Rules) -> Caution:
    """When history is enough, by the parameters."""
    least = book.parameter("trend_minimum_history")
    return Caution(least["cases"], least["reached"], book.parameter("trend_parent_weight"))


def likely_percent(declaration: Declaration, book: Rules) -> int | None:
    """From which percent of its time on this incident is likelier to miss it than the parameter; one statement."""
    chance = book.parameter("trend_chance_percent") / 100
    return likely_from(experience_of(_kinds(declaration, book)), chance, caution_of(book))


def outlook_at(declaration: Declaration, book: Rules, percent: int) -> Outlook:
    """What is known of incidents of its kind that ran so long; one statement."""
    return outlook(experience_of(_kinds(declaration, book)), percent, caution_of(book))


def _kinds(declaration: Declaration, book: Rules) -> list[str]:
    assert declaration.priority is not None
    first, second, _leaf = book.leaf(declaration.leaf).path
    return kinds_of(declaration.priority, declaration.leaf, (first.zh, second.zh))
