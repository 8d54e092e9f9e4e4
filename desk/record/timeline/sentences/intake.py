"""The moves that begin a declaration, or come to it without a form of a step (clauses 5.3 and 5.4.1)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from incidents.models import Channel
from incidents.verbs.timeline import CONTACT, HANDLING, HistoryEntry, LineFormat, Names, Sentence, filled, label, lines


def _relay(entry: HistoryEntry, names: Names) -> Sentence:
    channel = label(Channel, entry.fields.text("channel"))
    return Sentence(filled(_("Relayed to the desk: %(channel)s"), _("Relayed to the desk"), channel=channel))


def _join_alarm(entry: HistoryEntry, names: Names) -> Sentence:
    row, count = entry.row("incidents.alarm"), entry.fields.number("alarm_count")
    return Sentence(
        filled(_("The same alarm again, time %(count)s"), _("The same alarm again"), count=count),
        lines(row.text("subject"), row.text("body")),
    )


LINE_FORMATS: Mapping[str, LineFormat] = {
    "relay": LineFormat((CONTACT,), _relay, "phone-incoming"),
    "join_alarm": LineFormat((HANDLING,), _join_alarm, "activity"),
}
