"""What each entry says on the time line: a verb as it declares it; here stands what no `Verb` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from audit.evidence import step_name
from desk.record.timeline.sentences import intake, problems, warnings
from incidents.verbs.timeline import HistoryEntry, LineFormat, Names, Sentence
from record_form.verbs import VERBS

__all__ = ["LINE_FORMATS", "UNKNOWN_VERB", "sentence_of"]

LINE_FORMATS: Mapping[str, LineFormat] = {
    **{
        name: replace(verb.timeline, icon=verb.timeline.icon or verb.icon)
        for name, verb in VERBS.items()
        if verb.timeline is not None
    },
    **intake.LINE_FORMATS,
    **warnings.LINE_FORMATS,
    **problems.LINE_FORMATS,
}


def _unknown(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(_("A step that this version no longer knows: %(verb)s") % {"verb": entry.ledger_entry.action})


UNKNOWN_VERB = LineFormat((), _unknown, "circle")


def sentence_of(entry: HistoryEntry, names: Names) -> Sentence:
    """What the entry says; of one whose payload was disposed of no more than its name is known."""
    verb = entry.ledger_entry.action
    if entry.is_disposed and verb in LINE_FORMATS:
        return Sentence(_("%(step)s (the contents were disposed of)") % {"step": step_name(verb)})
    return LINE_FORMATS.get(verb, UNKNOWN_VERB).sentence(entry, names)
