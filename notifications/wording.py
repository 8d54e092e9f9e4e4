"""Puts events into sentences, in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.wording import clock_time

FACTS = frozenset({"due_at", "level", "count", "expected_at", "waits_since", "reached_at"})


class Event(NamedTuple):
    """How an event looks: `sentence` may name %(number)s and %(threshold)s; `page` is where its reader takes it up."""

    sentence: Promise
    icon: str = "bell"
    tone: str = "grey"
    page: str = ""


EVENTS: Mapping[str, Event] = {
    "relay.waiting": Event(gettext_lazy("%(number)s: a relayed call waits for you"), "phone-incoming", "blue"),
    "declaration.accepted": Event(gettext_lazy("%(number)s was accepted"), "inbox", "blue"),
    "incident.classified": Event(gettext_lazy("%(number)s was classified"), "category", "blue"),
    "incident.assigned": Event(gettext_lazy("%(number)s was assigned to you"), "user-check", "blue"),
    "incident.taken_on": Event(gettext_lazy("%(number)s: a colleague handles it from now on"), "user-check", "blue"),
    "incident.returned": Event(gettext_lazy("%(number)s came back from filing"), "arrow-back-up", "amber"),
    "incident.miss_left": Event(
        gettext_lazy("%(number)s missed its time and is an incident no longer: the figures do not count it any more"),
        "alert-triangle",
        "amber",
    ),
    "incident.recounted": Event(
        gettext_lazy("%(number)s: receipt or channel was corrected, and its times were counted anew"),
        "history",
        "amber",
    ),
    "reminder": Event(gettext_lazy("%(number)s: you wanted to come back to it now"), "clock", "blue"),
    "watched": Event(gettext_lazy("%(number)s, which you watch: there is news"), "eye", "blue"),
    "watched.warning": Event(
        gettext_lazy("%(number)s, which you watch: a warning went out"), "alert-triangle", "amber"
    ),
    "watched.escalation": Event(
        gettext_lazy("%(number)s, which you watch: escalation is asked for"), "trending-up", "amber"
    ),
    "watched.decision": Event(gettext_lazy("%(number)s, which you watch: somebody decided on it"), "gavel", "blue"),
    "watched.handler": Event(
        gettext_lazy("%(number)s, which you watch: somebody else handles it now"), "user-share", "blue"
    ),
    "watched.in_progress": Event(
        gettext_lazy("%(number)s, which you watch: it is being handled"), "player-play", "blue"
    ),
    "watched.waiting_customer": Event(
        gettext_lazy("%(number)s, which you watch: it waits for the customer"), "hourglass", "blue"
    ),
    "watched.resolved": Event(gettext_lazy("%(number)s, which you watch: it is solved"), "message-check", "blue"),
    "watched.closed": Event(gettext_lazy("%(number)s, which you watch: it is closed"), "circle-check", "green"),
    "watched.filed": Event(gettext_lazy("%(number)s, which you watch: it is filed"), "archive", "grey"),
    "report.waiting": Event(
        gettext_lazy("%(number)s was reported to you and waits for your answer"),
        "message-report",
        "amber",
        page="decision",
    ),
    "report.answered": Event(gettext_lazy("%(number)s: your report was answered"), "message-check", "blue"),
    "report.taken_over": Event(gettext_lazy("%(number)s: the head handles it from now on"), "user-check", "blue"),
    "warning": Event(gettext_lazy("%(number)s: time is running out"), "alert-triangle", "amber"),
    "warning.response": Event(
        gettext_lazy("%(number)s: %(threshold)s %% of the response time is used"), "alert-triangle", "amber"
    ),
    "warning.response.100": Event(
        gettext_lazy("%(number)s: the response time has run out"), "clock-exclamation", "red"
    ),
    "warning.resolution": Event(
        gettext_lazy("%(number)s: %(threshold)s %% of the resolution time is used"), "alert-triangle", "amber"
    ),
    "warning.resolution.100": Event(
        gettext_lazy("%(number)s: the resolution time has run out"), "clock-exclamation", "red"
    ),
    "warning.trend": Event(
        gettext_lazy("%(number)s: the handler expects not to make it in time"), "alert-triangle", "amber"
    ),
    "warning.forecast": Event(
        gettext_lazy("%(number)s: cases like this one usually miss their time from here on"), "trending-up", "amber"
    ),
    "unanswered": Event(gettext_lazy("%(number)s: nobody has acknowledged the warning"), "alert-circle", "red"),
    "calendar.year_missing": Event(
        gettext_lazy("%(number)s: the holidays and make-up days of %(threshold)s are missing or provisional"),
        "alert-triangle",
        "amber",
    ),
    "calendar.changed": Event(
        gettext_lazy("%(number)s was changed: see which due times of open records would move"), "calendar-event", "blue"
    ),
    "contract.ending": Event(
        gettext_lazy("%(number)s ends within %(threshold)s days, and no contract follows"), "alert-triangle", "amber"
    ),
    "contract.ended": Event(
        gettext_lazy("%(number)s ends or has ended, and no contract follows"), "alert-circle", "red"
    ),
    "absence.named": Event(
        gettext_lazy("%(number)s will be away and names you as deputy; you may decline on your own page"),
        "calendar-event",
        "blue",
    ),
    "absence.begun": Event(gettext_lazy("%(number)s is away: you stand in from now on"), "user-share", "amber"),
    "proof.ending": Event(
        gettext_lazy("%(number)s: a proof of skill runs out within %(threshold)s days"), "alert-triangle", "amber"
    ),
    "vacancy": Event(gettext_lazy("Department %(number)s: nobody holds one of its roles"), "alert-circle", "red"),
    "vacancy.department_head": Event(
        gettext_lazy("Department %(number)s has no head: escalations and service requests wait for nobody"),
        "alert-circle",
        "red",
    ),
    "vacancy.custodian": Event(
        gettext_lazy("Department %(number)s has no records custodian: closed records cannot be filed"),
        "alert-circle",
        "red",
    ),
    "vacancy.duty_desk": Event(
        gettext_lazy("Department %(number)s has no duty desk: calls of unknown customers reach nobody"),
        "alert-circle",
        "red",
    ),
    "deadline.moved": Event(
        gettext_lazy("%(number)s: a change of calendar or contract moved a due time"), "calendar-event", "amber"
    ),
    "warning.breached": Event(gettext_lazy("%(number)s: the time allowed has run out"), "clock-exclamation", "red"),
    "overdue": Event(gettext_lazy("%(number)s: a step is overdue"), "clock-exclamation", "red"),
    "overdue.relay": Event(
        gettext_lazy("%(number)s: the relayed call was not received in time"), "clock-exclamation", "red"
    ),
    "overdue.handover": Event(
        gettext_lazy("%(number)s: the hand-over was not received in time"),
        "clock-exclamation",
        "red",
        page="handover",
    ),
    "overdue.decision": Event(
        gettext_lazy("%(number)s: the escalation still waits for a decision"),
        "clock-exclamation",
        "amber",
        page="decision",
    ),
    "overdue.decision.100": Event(
        gettext_lazy("%(number)s: the escalation was not decided in time"),
        "clock-exclamation",
        "red",
        page="decision",
    ),
    "overdue.countersign": Event(
        gettext_lazy("%(number)s: the decision was not countersigned in time"),
        "clock-exclamation",
        "red",
        page="decision",
    ),
    "escalation.requested": Event(
        gettext_lazy("%(number)s: decide on the escalation"), "trending-up", "amber", page="decision"
    ),
    "escalation.decided": Event(gettext_lazy("%(number)s: the escalation was decided"), "gavel", "blue"),
    "escalation.countersign": Event(
        gettext_lazy("%(number)s: countersign the decision on the escalation"),
        "signature",
        "amber",
        page="decision",
    ),
    "escalation.objected": Event(
        gettext_lazy("%(number)s: risk control objects; decide on the escalation again"),
        "gavel",
        "amber",
        page="decision",
    ),
    "escalation.countersigned": Event(
        gettext_lazy("%(number)s: the decision on the escalation was countersigned"), "signature", "blue"
    ),
    "escalation.lapsed": Event(
        gettext_lazy("%(number)s: the escalation needs no answer any more; there is no incident left"),
        "arrow-back-up",
        "blue",
    ),
    "problem.raised": Event(gettext_lazy("%(number)s: a problem waits for you"), "bug", "blue"),
    "problem.withdrawn": Event(
        gettext_lazy("%(number)s: the problem was withdrawn; the escalation was refused after all"),
        "arrow-back-up",
        "amber",
    ),
    "handover.sent": Event(
        gettext_lazy("%(number)s was handed over to you"), "arrow-forward-up", "blue", page="handover"
    ),
    "handover.received": Event(gettext_lazy("%(number)s: the hand-over was received"), "inbox", "blue"),
    "handover.returned": Event(gettext_lazy("%(number)s: the hand-over came back"), "arrow-back-up", "amber"),
    "handover.completed": Event(gettext_lazy("%(number)s: the hand-over is done"), "checks", "green"),
    "request.waiting": Event(
        gettext_lazy("%(number)s: decide on the service request"), "scale", "amber", page="decision"
    ),
    "request.opposed": Event(
        gettext_lazy("%(number)s: the head speaks against the service request; tell the customer"), "scale", "amber"
    ),
    "request.accepted": Event(gettext_lazy("%(number)s: the service request was accepted"), "scale", "blue"),
    "request.declined": Event(gettext_lazy("%(number)s: the service request was declined"), "scale", "blue"),
    "finding.raised": Event(gettext_lazy("%(number)s: a finding of the audit is yours"), "clipboard-list", "amber"),
    "delivery.dead": Event(
        gettext_lazy("%(number)s: a warning could not be delivered; tell the person yourself"), "mailbox", "red"
    ),
    "delivery.test": Event(gettext_lazy("%(number)s: the way works"), "plug", "blue"),
}
# Told by one action alone, to one person and by mail: `notify` takes them from nobody.
CLOSED: Mapping[str, Event] = {
    "password.link": Event(gettext_lazy("%(number)s: a link to set the password"), "key", "blue"),
}
# For rows that an older version of the desk has written; nothing else can be sent.
UNKNOWN = Event(gettext_lazy("%(number)s: there is news"))


def is_known(key: str) -> bool:
    """Whether there are words for the event, by which anybody may be told of it."""
    return key not in CLOSED and event(key) is not UNKNOWN


def event(key: str) -> Event:
    """How the event looks; one without wording of its own is worded as the part of its key before the last dot."""
    if key in CLOSED:
        return CLOSED[key]
    while key not in EVENTS and "." in key:
        key = key.rpartition(".")[0]
    return EVENTS.get(key, UNKNOWN)


def sentence(key: str, *, number: str, threshold: int = 0, data: Mapping[str, Any]) -> str:
    """The event in one sentence, with its due time in the active zone where it has one.

    One that was told late says so: `reached_at` is when it should have been told. Facts that nobody can read are left
    out, so that a page which lists the row stays readable.
    """
    data = data if isinstance(data, Mapping) else {}
    sentence = str(event(key).sentence) % {"number": number, "threshold": threshold}
    reached = moment(data.get("reached_at"))
    if reached:
        sentence = _("%(sentence)s (told late, reached %(time)s)") % {"sentence": sentence, "time": clock_time(reached)}
    due = moment(data.get("due_at"))
    return _("%(sentence)s, due %(time)s") % {"sentence": sentence, "time": clock_time(due)} if due else sentence


def moment(value: Any) -> date | None:
    """What a fact of the outbox says about time: an instant, or a whole day where only the day was set (a finding).

    None where it says nothing that can be read.
    """
    if not isinstance(value, str):
        return value if isinstance(value, date) else None
    try:
        return parse_date(value) if len(value) == len("2026-11-22") else parse_datetime(value)
    except ValueError:  # the thirtieth of February
        return None
