"""How it ends: solved, confirmed, closed and filed, and what comes after (clauses 5.4.7 and 5.5)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.record.names import Names, listed, way
from desk.record.timeline.history import HistoryEntry
from desk.record.timeline.sentences.base import (
    CHANGES,
    CONTACT,
    HANDLING,
    TIME,
    LineFormat,
    Sentence,
    filled,
    fixed,
    lines,
)
from incidents.models import Annex


def _confirm(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.confirmation")
    full, reason = _("%(who)s confirmed, %(way)s"), ""
    if row.flag("authorised") is False:
        full = _("%(who)s, who may not confirm, confirmed, %(way)s")
        reason = entry.fields.text("unauthorised_confirmation_reason")
    who = names.contact(row.number("contact"))
    confirmed = filled(full, _("Confirmed"), who=who, way=way(row.text("way")))
    score = filled(_("satisfaction %(score)d"), "", score=row.number("satisfaction"))
    return Sentence(listed([confirmed, score]), lines(row.text("opinion"), reason))


def _reject(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(_("The customer says that it is not solved"), entry.row("incidents.reopening").text("reason"))


def _reopen(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(_("Opened again"), entry.row("incidents.reopening").text("reason"))


def _annex(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.annex")
    missing = row.text("kind") == Annex.Kind.MISSING
    return Sentence(_("Sent back: something is missing") if missing else _("Annex added"), row.text("text"))


LINE_FORMATS: Mapping[str, LineFormat] = {
    "resolve": LineFormat("check", (HANDLING, TIME), fixed(gettext_lazy("Resolved"), "cause", "solution")),
    "quick_solve": LineFormat("bolt", (HANDLING, TIME), fixed(gettext_lazy("Solved at once"), "cause", "solution")),
    "confirm": LineFormat("message-check", (CONTACT,), _confirm),
    "reject": LineFormat("repeat", (CONTACT, CHANGES), _reject),
    "close": LineFormat("circle-check", (HANDLING,), fixed(gettext_lazy("Closed"), "unauthorised_confirmation_reason")),
    "reopen": LineFormat("lock-open", (CHANGES,), _reopen),
    "file": LineFormat("archive", (HANDLING,), fixed(gettext_lazy("Filed; the form is frozen"), "paper_place")),
    "return_for_completion": LineFormat("arrow-back-up", (CHANGES,), _annex),
    "add_annex": LineFormat("paperclip", (CHANGES,), _annex),
    "withdraw": LineFormat(
        "arrow-back-up",
        (CONTACT,),
        fixed(gettext_lazy("Withdrawn by the customer"), "withdrawn_by_name", "withdrawn_how"),
    ),
}
