"""Whether an incident becomes a problem, and what problem management made of it (clause 5.4.5)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.record.names import Names, label
from desk.record.timeline.history import HistoryEntry
from desk.record.timeline.sentences.base import CHANGES, HANDLING, LineFormat, Sentence, either, filled, fixed
from escalation.models import EscalationRequest


def _request(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("escalation.escalationrequest")
    trigger = label(EscalationRequest.Trigger, row.text("trigger"))
    full = _("Asked to become a problem: %(trigger)s")
    return Sentence(filled(full, _("Asked to become a problem"), trigger=trigger), row.text("reason"))


def _decide(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("escalation.decision")
    approved, refused = _("Escalation approved"), _("Escalation refused")
    return Sentence(either(row.flag("approved"), approved, refused, _("Escalation decided")), row.text("reason"))


def _countersign(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("escalation.countersignature")
    agrees, objects = _("Countersigned"), _("Countersignature: objected")
    return Sentence(either(row.flag("agrees"), agrees, objects, _("Countersignature given")), row.text("opinion"))


def _raise(entry: HistoryEntry, names: Names) -> Sentence:
    number = entry.fields.text("number")
    full = _("Problem %(number)s raised and handed to problem management")
    return Sentence(filled(full, _("Problem raised and handed to problem management"), number=number))


def _receive(entry: HistoryEntry, names: Names) -> Sentence:
    reference = entry.fields.text("reference")
    full = _("Problem management received it as %(reference)s")
    return Sentence(filled(full, _("Problem management received it"), reference=reference))


LINE_FORMATS: Mapping[str, LineFormat] = {
    "request_escalation": LineFormat("bug", (HANDLING,), _request),
    "decide_escalation": LineFormat("rubber-stamp", (HANDLING,), _decide),
    "countersign": LineFormat("signature", (HANDLING,), _countersign),
    "raise_problem": LineFormat("bug", (HANDLING,), _raise),
    "acknowledge_problem": LineFormat("bug", (HANDLING,), _receive),
    "withdraw_problem": LineFormat(
        "arrow-back-up",
        (HANDLING, CHANGES),
        fixed(gettext_lazy("The problem was withdrawn: refused after all"), "withdrawal_reason"),
    ),
    "reinstate_problem": LineFormat(
        "bug", (HANDLING,), fixed(gettext_lazy("The problem was handed to problem management anew"))
    ),
}
