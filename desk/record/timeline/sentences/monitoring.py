"""Talk with the customer, waiting, warnings and reminders (clause 5.4.6)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.record.names import Names, label, listed, moment, short, way
from desk.record.timeline.history import HistoryEntry
from desk.record.timeline.sentences.base import (
    CONTACT,
    TIME,
    LineFormat,
    Sentence,
    either,
    filled,
    fixed,
    lines,
)
from escalation.models import HeldWarning


def _contact(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(_contact_text(entry, names))


def _contact_text(entry: HistoryEntry, names: Names) -> str:
    row = entry.row("incidents.communication")
    to = names.contact(row.number("contact")) or row.text("to")
    full = _("%(way)s to %(to)s: %(text)s") if to else _("%(way)s: %(text)s")
    if row.flag("reached") is False:
        full = _("%(way)s: nobody reached. %(text)s")
    elif row.flag("is_first_response"):
        full = _("First response, %(way)s to %(to)s: %(text)s") if to else _("First response, %(way)s: %(text)s")
    values = {"way": way(row.text("way")), "text": short(row.text("text"))}
    return filled(full, _("Contact with the customer"), **values, **({"to": to} if to else {}))


def _wait(entry: HistoryEntry, names: Names) -> Sentence:
    row, plain = entry.row("incidents.waiting"), _("Waiting for the customer")
    stopped, runs = _("Waiting, clock stopped: %(awaits)s"), _("Waiting, clock runs: %(awaits)s")
    full = either(row.flag("stops_clock"), stopped, runs, plain)
    asked = _contact_text(entry, names) if entry.row("incidents.communication") else ""
    detail = " · ".join(filter(None, [asked, row.text("basis")]))
    return Sentence(filled(full, plain, awaits=short(row.text("awaits"))), detail)


def _resume(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.waiting")
    values = {"way": way(row.text("way")), "received": short(row.text("received"))}
    return Sentence(filled(_("The customer answered, %(way)s: %(received)s"), _("The customer answered"), **values))


def _recipients(entry: HistoryEntry, names: Names) -> str:
    rows = entry.rows.get("escalation.warningrecipient", [])
    people = [names.person(row.number("user")) or names.contact(row.number("contact")) for row in rows]
    return listed(list(dict.fromkeys(people)))


def _words_to_customer(entry: HistoryEntry) -> str:
    """What the customer was told at the same time, the way before the words."""
    row = entry.row("incidents.communication")
    full = _("To the customer, %(way)s: %(text)s")
    return filled(full, row.text("text"), way=way(row.text("way")), text=row.text("text"))


def _warn(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("escalation.warning")
    values = {"who": _recipients(entry, names), "reason": short(row.text("reason"))}
    warned = filled(_("Warned %(who)s: %(reason)s"), _("Warned"), **values)
    full = _("Warned %(who)s: %(reason)s New expected time %(time)s")
    return Sentence(filled(full, warned, **values, time=moment(row.text("expected_at"))), _words_to_customer(entry))


def _threshold(entry: HistoryEntry, names: Names) -> Sentence:
    sentence = _share_used(entry, names)
    if not entry.facts.flag("late"):
        return Sentence(sentence, _words_to_customer(entry))
    reached = filled(_("Reached: %(moments)s"), "", moments=_moments_reached(entry))
    return Sentence(_("%(sentence)s, late") % {"sentence": sentence}, lines(reached, _words_to_customer(entry)))


def _share_used(entry: HistoryEntry, names: Names) -> str:
    rows = entry.rows.get("escalation.warning", [])
    known = [row.number("threshold") for row in rows] or [entry.facts.number("threshold")]
    percents = [percent for percent in known if percent is not None]
    who = _recipients(entry, names)
    if percents and percents[-1] == 100:
        return filled(_("The time allowed is over: %(who)s warned"), _("The time allowed is over"), who=who)
    percent = _(", ").join(map(str, percents))
    used = filled(_("%(percent)s%% of the time allowed is used"), _("Warned"), percent=percent)
    full = _("%(percent)s%% of the time allowed is used: %(who)s warned")
    return filled(full, used, percent=percent, who=who)


def _moments_reached(entry: HistoryEntry) -> str:
    rows = entry.rows.get("escalation.warning", [])
    full = _("%(percent)s%% at %(time)s")
    return listed(
        [filled(full, "", percent=row.number("threshold"), time=moment(row.text("reached_at"))) for row in rows]
    )


def _forecast(entry: HistoryEntry, names: Names) -> Sentence:
    sentence = filled(
        _("Cases like this one usually miss their time from here on: %(who)s warned"),
        _("Cases like this one usually miss their time from here on"),
        who=_recipients(entry, names),
    )
    counts = {name: entry.facts.number(name) for name in ("reached", "missed", "percent")}
    full = _("%(missed)s of %(reached)s that had used %(percent)s%% of their time missed it")
    return Sentence(sentence, filled(full, "", **counts))


def _hold(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(
        filled(
            _("%(percent)s%% of the time allowed is used; held until the opening at %(time)s (quiet hours)"),
            _("A warning is held until the opening (quiet hours)"),
            percent=entry.facts.number("threshold"),
            time=moment(entry.facts.text("held_until")),
        )
    )


def _cancel_held(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(
        filled(
            _("The warning held at %(percent)s%% was not sent: %(why)s"),
            _("A held warning was not sent"),
            percent=entry.facts.number("threshold"),
            why=label(HeldWarning.Outcome, entry.facts.text("reason")),
        )
    )


def _climb(entry: HistoryEntry, names: Names) -> Sentence:
    rows = entry.rows.get("escalation.climb", [])
    plain = _("Nobody acknowledged the warning")
    if not rows:
        plain = _("Nobody acknowledged the warning, and nobody further up is left to tell")
    who = listed([names.person(row.number("user")) for row in rows])
    absent = listed([each.text("name") for each in entry.facts.parts("skipped")])
    away = filled(_("Away, not told: %(who)s"), "", who=absent)
    return Sentence(filled(_("Nobody acknowledged the warning: %(who)s told"), plain, who=who), away)


def _reminder(entry: HistoryEntry, names: Names) -> Sentence:
    waits = {
        "relay": _("Relayed call not acknowledged in time: the head is told"),
        "handover": _("Hand-over not received in time: the head is told"),
        "decision": _("Escalation undecided: reminded"),
        "countersign": _("Countersignature overdue: reminded"),
    }
    return Sentence(waits.get(entry.facts.text("clock"), _("Reminded")))


LINE_FORMATS: Mapping[str, LineFormat] = {
    "respond": LineFormat("phone-outgoing", (CONTACT, TIME), _contact),
    "communicate": LineFormat("phone-outgoing", (CONTACT,), _contact),
    "wait": LineFormat("hourglass", (CONTACT, TIME), _wait),
    "resume": LineFormat("player-play", (CONTACT, TIME), _resume),
    "warn": LineFormat("speakerphone", (TIME, CONTACT), _warn),
    "warn_trend": LineFormat("trending-up", (TIME,), _forecast),
    "warn_response": LineFormat("alert-triangle", (TIME,), _threshold),
    "warn_resolution": LineFormat("alert-triangle", (TIME, CONTACT), _threshold),
    "hold_warning": LineFormat("moon", (TIME,), _hold),
    "cancel_held_warning": LineFormat("circle-x", (TIME,), _cancel_held),
    "climb_warning": LineFormat("trending-up", (TIME,), _climb),
    "acknowledge_warning": LineFormat("eye", (TIME,), fixed(gettext_lazy("Acknowledged the warning"))),
    "warn_relay": LineFormat("alert-triangle", (TIME,), _reminder),
    "warn_handover": LineFormat("alert-triangle", (TIME,), _reminder),
    "warn_decision": LineFormat("alert-triangle", (TIME,), _reminder),
    "warn_countersign": LineFormat("alert-triangle", (TIME,), _reminder),
    "state_breach_reason": LineFormat(
        "clock-exclamation", (TIME,), fixed(gettext_lazy("Stated the cause of the miss"), "breach_reason")
    ),
    "repair_clock": LineFormat("refresh", (TIME,), fixed(gettext_lazy("A clock was put right by its events"))),
}
