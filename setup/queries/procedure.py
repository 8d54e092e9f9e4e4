"""What a firm puts in its own words on the document."""

from __future__ import annotations

from dataclasses import dataclass

from procedure.models import Category, OfficialText, ProcedureVersion, Scale
from procedure.queries import Words, official_texts, rules

Kind = OfficialText.Kind


@dataclass(frozen=True)
class Coverage:
    """Clauses, terms and scales with the owner's own words and without, by their names."""

    filled: list[str]
    lacking: list[str]


def first_levels(version: ProcedureVersion) -> list[Words]:
    """The names of the first level of the category tree, in its order; one statement."""
    rows = Category.objects.filter(procedure=version).values_list("level1", "level1_en")
    return [Words(*names) for names in dict.fromkeys(rows)]


def coverage(version: ProcedureVersion) -> Coverage:
    """Which places have their official text by now, in the language of the reader; one statement."""
    imported, names = official_texts(version.pk), _places(version)
    return Coverage(
        filled=[name for place, name in names.items() if place in imported],
        lacking=[name for place, name in names.items() if place not in imported],
    )


def _places(version: ProcedureVersion) -> dict[tuple[str, str], str]:
    book = rules(version.pk)
    grades = (*book.impacts.values(), *book.urgencies.values())
    return {
        **{(str(Kind.CLAUSE), one.number): f"{one.number} {one.title}" for one in book.clauses.values()},
        **{(str(Kind.DEFINITION), one.identifier): str(one.term) for one in book.terms},
        **{(str(Kind.SCALE), f"{one.kind}.{one.code}"): f"{Scale.Kind(one.kind).label} {one.name}" for one in grades},
    }
