"""How a declaration comes in (clauses 5.3 and 5.4.1)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from desk.record.names import Names, label
from desk.record.timeline.history import HistoryEntry
from desk.record.timeline.sentences.base import CONTACT, HANDLING, LineFormat, Sentence, filled, lines
from incidents.models import Channel


def _relay(entry: HistoryEntry, names: Names) -> Sentence:
    channel = label(Channel, entry.fields.text("channel"))
    return Sentence(filled(_("Relayed to the desk: %(channel)s"), _("Relayed to the desk"), channel=channel))


def _accept(entry: HistoryEntry, names: Names) -> Sentence:
    if entry.fields.text("relay_acknowledged_at"):
        return Sentence(_("The desk acknowledged the relayed call"))
    answered = bool(entry.row("incidents.communication"))
    full = _("Accepted: %(channel)s, answered at once") if answered else _("Accepted: %(channel)s")
    return Sentence(filled(full, _("Accepted"), channel=label(Channel, entry.fields.text("channel"))))


def _join_alarm(entry: HistoryEntry, names: Names) -> Sentence:
    row, count = entry.row("incidents.alarm"), entry.fields.number("alarm_count")
    return Sentence(
        filled(_("The same alarm again, time %(count)s"), _("The same alarm again"), count=count),
        lines(row.text("subject"), row.text("body")),
    )


LINE_FORMATS: Mapping[str, LineFormat] = {
    "relay": LineFormat("phone-incoming", (CONTACT,), _relay),
    "accept": LineFormat("phone-incoming", (CONTACT,), _accept),
    "join_alarm": LineFormat("activity", (HANDLING,), _join_alarm),
}
