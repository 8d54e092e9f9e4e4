"""What each entry says on the time line, in one sentence: a table of verbs for each part of the procedure."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from audit.evidence import step_name
from desk.record.names import Names
from desk.record.timeline.history import HistoryEntry
from desk.record.timeline.sentences import (
    classification,
    completion,
    escalation,
    handling,
    intake,
    monitoring,
    screening,
)
from desk.record.timeline.sentences.base import CHANGES, CONTACT, HANDLING, TIME, LineFormat, Sentence

__all__ = [
    "CHANGES",
    "CONTACT",
    "HANDLING",
    "LINE_FORMATS",
    "TIME",
    "UNKNOWN_VERB",
    "LineFormat",
    "sentence_of",
]

LINE_FORMATS: Mapping[str, LineFormat] = {
    **intake.LINE_FORMATS,
    **screening.LINE_FORMATS,
    **classification.LINE_FORMATS,
    **handling.LINE_FORMATS,
    **monitoring.LINE_FORMATS,
    **escalation.LINE_FORMATS,
    **completion.LINE_FORMATS,
}


def _unknown(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(_("A step that this version no longer knows: %(verb)s") % {"verb": entry.ledger_entry.action})


UNKNOWN_VERB = LineFormat("circle", (), _unknown)


def sentence_of(entry: HistoryEntry, names: Names) -> Sentence:
    """What the entry says; of one whose payload was disposed of no more than its name is known."""
    verb = entry.ledger_entry.action
    if entry.is_disposed and verb in LINE_FORMATS:
        return Sentence(_("%(step)s (the contents were disposed of)") % {"step": step_name(verb)})
    return LINE_FORMATS.get(verb, UNKNOWN_VERB).sentence(entry, names)
