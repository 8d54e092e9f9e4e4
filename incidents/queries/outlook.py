"""How likely an incident is to miss its time, by what is known of its kind (5.4.6).

Kinds go from the category leaf over its two parents to all of the level; levels stay apart, because they are handled
by other people in another way.
"""

from __future__ import annotations

from procedure.queries import Rules
from sla.prediction import Caution, Outlook, likely_from, outlook
from sla.queries import experience_of


def kinds_of(priority: int, leaf: str, book: Rules) -> list[str]:
    """The names of the kinds, narrowest first; the upper steps of the category go by their Chinese names."""
    first, second, _leaf = book.leaf(leaf).path
    return [f"{priority}/{leaf}", f"{priority}/{first.zh}/{second.zh}", f"{priority}/{first.zh}", f"{priority}"]


def caution_of(book: Rules) -> Caution:
    """When history is enough, by the parameters."""
    least = book.parameter("trend_minimum_history")
    return Caution(least["cases"], least["reached"], book.parameter("trend_parent_weight"))


def likely_percent(priority: int, leaf: str, book: Rules) -> int | None:
    """From which percent of its time on such an incident is likelier to miss it than the parameter; one statement."""
    chance = book.parameter("trend_chance_percent") / 100
    return likely_from(experience_of(kinds_of(priority, leaf, book)), chance, caution_of(book))


def outlook_at(priority: int, leaf: str, book: Rules, percent: int) -> Outlook:
    """What is known of incidents of its kind that ran so long; one statement."""
    return outlook(experience_of(kinds_of(priority, leaf, book)), percent, caution_of(book))
