"""What a declaration is, and who takes it on: screening, hand-overs and service requests (clause 5.4.2)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.record.names import Names, label, short
from desk.record.timeline.history import HistoryEntry
from desk.record.timeline.sentences.base import CHANGES, HANDLING, LineFormat, Sentence, either, filled, fixed
from incidents.models import HandoverKind, InvalidReason, Type


def _invalid(entry: HistoryEntry, names: Names) -> Sentence:
    reason = label(InvalidReason, entry.record.text("invalid_reason"))
    return Sentence(
        filled(_("Screened: invalid, %(reason)s"), _("Screened: invalid"), reason=reason),
        entry.fields.text("invalid_text"),
    )


def _request(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(_("Screened: service request, passed on word for word"), short(entry.fields.text("verbatim")))


def _hand_over(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.handover")
    return Sentence(
        filled(
            _("Handed over as %(kind)s to %(receiver)s"),
            _("Handed over"),
            kind=label(HandoverKind, row.text("kind")),
            receiver=names.person(row.number("receiver")),
        ),
        row.text("content"),
    )


def _change_type(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.typechange")
    return Sentence(
        filled(_("Type corrected: %(reason)s"), _("Type corrected"), reason=short(row.text("reason"))),
        before=label(Type, row.text("from_type")),
        after=label(Type, row.text("to_type")),
    )


def _opinion(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.opinion")
    agrees = either(row.flag("agrees"), _("Opinion: agrees"), _("Opinion: does not agree"), _("Gave an opinion"))
    return Sentence(agrees, row.text("text"))


def _returned(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(_("Returned to the desk"), entry.row("incidents.handover").text("return_reason"))


def _completed(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.handover")
    full = _("Hand-over completed: %(reference)s")
    return Sentence(filled(full, _("Hand-over completed"), reference=row.text("reference")), row.text("result"))


LINE_FORMATS: Mapping[str, LineFormat] = {
    "screen_as_incident": LineFormat(
        "filter", (HANDLING,), fixed(gettext_lazy("Screened: valid, within the contract, incident"))
    ),
    "screen_as_invalid": LineFormat("circle-minus", (HANDLING,), _invalid),
    "screen_as_request": LineFormat("filter", (HANDLING,), _request),
    "hand_over": LineFormat("arrow-forward-up", (HANDLING,), _hand_over),
    "receive_handover": LineFormat("signature", (HANDLING,), fixed(gettext_lazy("Signed for receipt"))),
    "return_handover": LineFormat("arrow-back-up", (CHANGES,), _returned),
    "complete_handover": LineFormat("checks", (HANDLING,), _completed),
    "change_type": LineFormat("refresh", (CHANGES,), _change_type),
    "give_opinion": LineFormat("message-plus", (HANDLING,), _opinion),
    "accept_request": LineFormat(
        "check", (HANDLING,), fixed(gettext_lazy("Service request accepted"), "request_reason")
    ),
    "decline_request": LineFormat(
        "ban", (HANDLING,), fixed(gettext_lazy("Service request declined"), "request_reason")
    ),
    "complete_request": LineFormat(
        "checks", (HANDLING,), fixed(gettext_lazy("Service request completed"), "request_result")
    ),
    "record_security_twin": LineFormat("link", (CHANGES,), fixed(gettext_lazy("A linked record was made"))),
}
