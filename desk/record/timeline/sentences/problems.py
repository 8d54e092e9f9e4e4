"""What problem management made of an incident (clause 5.4.5)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.verbs.timeline import CHANGES, HANDLING, HistoryEntry, LineFormat, Names, Sentence, filled, fixed


def _raise(entry: HistoryEntry, names: Names) -> Sentence:
    number = entry.fields.text("number")
    full = _("Problem %(number)s raised and handed to problem management")
    return Sentence(filled(full, _("Problem raised and handed to problem management"), number=number))


def _receive(entry: HistoryEntry, names: Names) -> Sentence:
    reference = entry.fields.text("reference")
    full = _("Problem management received it as %(reference)s")
    return Sentence(filled(full, _("Problem management received it"), reference=reference))


LINE_FORMATS: Mapping[str, LineFormat] = {
    "raise_problem": LineFormat((HANDLING,), _raise, "bug"),
    "acknowledge_problem": LineFormat((HANDLING,), _receive, "bug"),
    "withdraw_problem": LineFormat(
        (HANDLING, CHANGES),
        fixed(gettext_lazy("The problem was withdrawn: refused after all"), "withdrawal_reason"),
        "arrow-back-up",
    ),
    "reinstate_problem": LineFormat(
        (HANDLING,), fixed(gettext_lazy("The problem was handed to problem management anew")), "bug"
    ),
}
