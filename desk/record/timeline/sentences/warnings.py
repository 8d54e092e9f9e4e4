"""Warnings, reminders and what becomes of clocks, as the system writes them (clause 5.4.6)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escalation.models import HeldWarning
from escalation.timeline import recipients, words_to_customer
from incidents.verbs.timeline import (
    CHANGES,
    CONTACT,
    TIME,
    HistoryEntry,
    LineFormat,
    Names,
    Sentence,
    Values,
    filled,
    fixed,
    label,
    lines,
    listed,
    moment,
)
from sla.wording import clock_name


def _threshold(entry: HistoryEntry, names: Names) -> Sentence:
    sentence = _share_used(entry, names)
    if not entry.facts.flag("late"):
        return Sentence(sentence, words_to_customer(entry))
    reached = filled(_("Reached: %(moments)s"), "", moments=_moments_reached(entry))
    return Sentence(_("%(sentence)s, late") % {"sentence": sentence}, lines(reached, words_to_customer(entry)))


def _share_used(entry: HistoryEntry, names: Names) -> str:
    rows = entry.rows.get("escalation.warning", [])
    known = [row.number("threshold") for row in rows] or [entry.facts.number("threshold")]
    percents = [percent for percent in known if percent is not None]
    who = recipients(entry, names)
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
        who=recipients(entry, names),
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


def _ends(moved: Values) -> tuple[str, str]:
    return moment(moved.text("before")), moment(moved.text("after"))


def _apply_deadlines(entry: HistoryEntry, names: Names) -> Sentence:
    """Old and new due time of each clock, as one change or as a list."""
    moved = entry.facts.parts("moved")
    if len(moved) != 1:
        changes = [f"{clock_name(each.text('clock'))}: {' → '.join(_ends(each))}" for each in moved]
        return Sentence(_("Due times after a change of calendar or contract"), lines(*changes))
    before, after = _ends(moved[0])
    sentence = filled(
        _("%(clock)s: due time after a change of calendar or contract"),
        _("Due times after a change of calendar or contract"),
        clock=clock_name(moved[0].text("clock")),
    )
    return Sentence(sentence, before=before, after=after)


LINE_FORMATS: Mapping[str, LineFormat] = {
    "warn_trend": LineFormat((TIME,), _forecast, "trending-up"),
    "warn_response": LineFormat((TIME,), _threshold, "alert-triangle"),
    "warn_resolution": LineFormat((TIME, CONTACT), _threshold, "alert-triangle"),
    "hold_warning": LineFormat((TIME,), _hold, "moon"),
    "cancel_held_warning": LineFormat((TIME,), _cancel_held, "circle-x"),
    "climb_warning": LineFormat((TIME,), _climb, "trending-up"),
    "acknowledge_warning": LineFormat((TIME,), fixed(gettext_lazy("Acknowledged the warning")), "eye"),
    "warn_relay": LineFormat((TIME,), _reminder, "alert-triangle"),
    "warn_handover": LineFormat((TIME,), _reminder, "alert-triangle"),
    "warn_decision": LineFormat((TIME,), _reminder, "alert-triangle"),
    "warn_countersign": LineFormat((TIME,), _reminder, "alert-triangle"),
    "repair_clock": LineFormat((TIME,), fixed(gettext_lazy("A clock was put right by its events")), "refresh"),
    "apply_deadlines": LineFormat((TIME, CHANGES), _apply_deadlines, "calendar-event"),
}
