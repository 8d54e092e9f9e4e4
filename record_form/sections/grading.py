"""Section 3: category, level, time allowed and repeats (clause 5.4.3)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from incidents.models import Declaration, Impact, Reclassification, Urgency
from procedure.queries import Grade, Rules, Words
from record_form.formatting import Wording, at, boxes, line, named, text, word
from record_form.reading import Reading
from record_form.structure import FormLine, Piece
from record_form.values import Value, value
from sla.models import Source
from sla.targets import Target

REPEATED = ((True, pgettext_lazy("form", "yes")), (False, pgettext_lazy("form", "no")))


def grading(reading: Reading) -> dict[int, Value]:
    """Rows 23 to 29."""
    d, book, applies = reading.declaration, reading.book, reading.is_incident
    basis_needed = d.impact == Impact.SEVERE or d.urgency == Urgency.HIGH
    level_names: list[tuple[object, Wording]] = [(level.priority, level.name) for level in book.levels.values()]
    return {
        23: value(
            line(_leaf(d, book), named(pgettext_lazy("form", "no category fits"), text(d.category_gap))),
            needed=applies,
            applies=applies,
        ),
        24: value(_grades(book.impacts, d.impact), needed=applies, applies=applies),
        25: value(
            _grades(book.urgencies, d.urgency),
            line(text(d.grading_basis)),
            needed=applies,
            complete=bool(d.grading_basis) or not basis_needed,
            applies=applies,
        ),
        26: value(boxes(level_names, d.priority), needed=applies, applies=applies),
        27: value(*_target(d, book), needed=applies, applies=applies),
        28: _repeats(d, applies),
        29: value(
            line(reading.person(d.classified_by_id), at(d.classified_at)),
            *_changes(reading),
            needed=applies,
            complete=d.classified_at is not None,
            applies=applies,
        ),
    }


def _grades(grades: dict[str, Grade], chosen: str) -> FormLine:
    return boxes([(grade.code, grade.name) for grade in grades.values()], chosen)


def _leaf(d: Declaration, book: Rules) -> Piece | None:
    """The way down the tree: in Chinese as it read when the leaf was chosen."""
    if not d.leaf:
        return None
    english = [step.en or step.zh for step in book.leaf(d.leaf).path]
    return word(Words(" › ".join(d.leaf_path), " › ".join(english)), d.leaf)


def _target(d: Declaration, book: Rules) -> list[FormLine]:
    if d.target is None or d.priority is None:
        return []
    matrix = book.levels[d.priority].display
    allowed = Target.from_data(d.target)
    return [
        line(
            word(allowed.words, f"{allowed.value} {allowed.unit} {allowed.clock}"),
            named(pgettext_lazy("form", "by"), word(Source(d.target_source).label, d.target_source)),
            named(pgettext_lazy("form", "matrix"), word(matrix)) if d.target_source == Source.CONTRACT else None,
        ),
        line(named(pgettext_lazy("form", "to be solved before"), at(d.due_at))),
    ]


def _repeats(d: Declaration, applies: bool) -> Value:
    if d.repeat_ordinal is None:
        return value(needed=applies, applies=applies)
    ordinal = named(pgettext_lazy("form", "in the window, number"), text(str(d.repeat_ordinal)))
    earlier = named(pgettext_lazy("form", "after"), text("、".join(d.repeats))) if d.repeats else None
    return value([*boxes(REPEATED, d.repeat_ordinal > 1), *line(ordinal, earlier)], needed=applies, applies=applies)


def _changes(reading: Reading) -> list[FormLine]:
    """Each regrading with the level before and after it; the one after the last is the level in force."""
    rows = reading.reclassifications
    levels = [row.priority for row in rows] + [reading.declaration.priority or 0]
    return [_change(reading, row, levels[index + 1]) for index, row in enumerate(rows)]


def _change(reading: Reading, row: Reclassification, after: int) -> FormLine:
    levels = reading.book.levels
    return line(
        named(pgettext_lazy("form", "graded again"), at(row.at)),
        reading.person(row.by_id),
        named(pgettext_lazy("form", "from"), word(levels[row.priority].name, row.priority)),
        named(pgettext_lazy("form", "to"), word(levels[after].name, after)) if after else None,
        text(row.reason),
    )
