"""What each entry says on the time line: a verb as it declares it; here stands what no `Verb` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from audit.evidence import step_name
from desk.record.timeline.sentences import intake, problems, warnings
from incidents.verbs.timeline import CHANGES, HistoryEntry, LineFormat, Names, Sentence, filled, short
from record_form.verbs import VERBS

__all__ = ["LINE_FORMATS", "UNKNOWN_VERB", "sentence_of"]


def _hand_on(entry: HistoryEntry, names: Names) -> Sentence:
    """Whoever handles or receives it from now on, as somebody left; or who stays, as two entries were merged."""
    if entry.facts.text("merged"):
        gone, kept = entry.facts.text("name"), entry.facts.text("kept")
        return Sentence(_("Two entries were merged"), before=gone, after=kept)
    change, handover = entry.row("incidents.handlerchange"), entry.row("incidents.handover")
    after = change.number("to_user") or handover.number("receiver")
    full, plain = _("%(name)s left: %(reason)s"), _("Handed on, as somebody left")
    sentence = filled(full, plain, name=entry.facts.text("name"), reason=short(entry.facts.text("reason")))
    return Sentence(sentence, before=entry.facts.text("name"), after=names.person(after))


LINE_FORMATS: Mapping[str, LineFormat] = {
    **{
        name: replace(verb.timeline, icon=verb.timeline.icon or verb.icon)
        for name, verb in VERBS.items()
        if verb.timeline is not None
    },
    **intake.LINE_FORMATS,
    **warnings.LINE_FORMATS,
    **problems.LINE_FORMATS,
    "hand_on": LineFormat((CHANGES,), _hand_on, "arrows-exchange", is_edit=True),
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
