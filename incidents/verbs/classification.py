"""The verbs of classification (clause 5.4.3)."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incidents.actions.classification import classify, reclassify
from incidents.forms import handling
from incidents.models import State
from incidents.verbs.due import in_state
from incidents.verbs.timeline import (
    CHANGES,
    HANDLING,
    TIME,
    HistoryEntry,
    LineFormat,
    Names,
    Sentence,
    Values,
    filled,
    listed,
    moment,
    short,
)
from incidents.verbs.verb import GRADING, Prompt, Verb


def _classify(entry: HistoryEntry, names: Names) -> Sentence:
    # Classified anew after a correction of the type, it may change no column.
    leaf, impact, urgency = map(entry.record.text, ("leaf", "impact", "urgency"))
    level = names.level(entry.record.number("priority"))
    grade = f"{names.grade(impact, urgency)} = {level}" if impact and urgency else ""
    grading = listed([names.leaf(leaf), grade, _due(entry.record)])
    return Sentence(filled(gettext("Classified: %(grading)s"), gettext("Classified"), grading=grading))


def _reclassify(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.reclassification")
    before = row.number("priority")
    after = entry.fields.number("priority") or before
    return Sentence(
        filled(gettext("Classified again: %(reason)s"), gettext("Classified again"), reason=short(row.text("reason"))),
        before=names.level(before) if before else "",
        after=listed([names.level(after) if after else "", _due(entry.fields)]),
    )


def _due(record: Values) -> str:
    return filled(gettext("due %(time)s"), "", time=moment(record.text("due_at")))


VERBS = (
    Verb(
        "classify",
        handling.ClassifyForm,
        classify,
        icon="check",
        key="L",
        button=pgettext_lazy("button", "Set the level"),
        done=_("Classified"),
        timeline=LineFormat((HANDLING, TIME), _classify, "category"),
        page="grading",
        columns=GRADING,
        prompt=Prompt(
            12,
            button=pgettext_lazy("step", "Classify"),
            due=in_state(State.SCREENED),
            why=_("The time allowed follows from the level"),
            gives_time=True,
        ),
    ),
    Verb(
        "reclassify",
        handling.ReclassifyForm,
        reclassify,
        icon="check",
        key="L",
        button=pgettext_lazy("button", "Set the level"),
        done=_("Classified again"),
        timeline=LineFormat((TIME, CHANGES), _reclassify, "category", is_edit=True),
        page="grading",
        columns=GRADING,
    ),
)
