"""Category, level and due times, and their changes (clause 5.4.3)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from desk.record.names import Names, listed, moment, short
from desk.record.timeline.history import HistoryEntry, Values
from desk.record.timeline.sentences.base import CHANGES, HANDLING, TIME, LineFormat, Sentence, filled, lines
from sla.wording import clock_name


def _classify(entry: HistoryEntry, names: Names) -> Sentence:
    # Classified anew after a correction of the type, it may change no column.
    leaf, impact, urgency = map(entry.record.text, ("leaf", "impact", "urgency"))
    level = names.level(entry.record.number("priority"))
    grade = f"{names.grade(impact, urgency)} = {level}" if impact and urgency else ""
    grading = listed([names.leaf(leaf), grade, _due(entry.record)])
    return Sentence(filled(_("Classified: %(grading)s"), _("Classified"), grading=grading))


def _reclassify(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.reclassification")
    before = row.number("priority")
    after = entry.fields.number("priority") or before
    return Sentence(
        filled(_("Classified again: %(reason)s"), _("Classified again"), reason=short(row.text("reason"))),
        before=names.level(before) if before else "",
        after=listed([names.level(after) if after else "", _due(entry.fields)]),
    )


def _due(record: Values) -> str:
    return filled(_("due %(time)s"), "", time=moment(record.text("due_at")))


def _ends(moved: Values) -> tuple[str, str]:
    return moment(moved.text("before")), moment(moved.text("after"))


def _apply_deadlines(entry: HistoryEntry, names: Names) -> Sentence:
    """Old and new due time of each clock, as one change or as a list."""
    moved = entry.facts.parts("moved")
    if len(moved) != 1:
        changes = [f"{clock_name(each.text('clock'))}: {' → '.join(_ends(each))}" for each in moved]
        return Sentence(_("Due times after a change of calendar or contract"), lines(*changes))
    before, after = _ends(moved[0])
    sentence = filled(
        _("%(clock)s: due time after a change of calendar or contract"),
        _("Due times after a change of calendar or contract"),
        clock=clock_name(moved[0].text("clock")),
    )
    return Sentence(sentence, before=before, after=after)


LINE_FORMATS: Mapping[str, LineFormat] = {
    "classify": LineFormat("category", (HANDLING, TIME), _classify),
    "reclassify": LineFormat("category", (TIME, CHANGES), _reclassify),
    "apply_deadlines": LineFormat("calendar-event", (TIME, CHANGES), _apply_deadlines),
}
