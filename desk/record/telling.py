"""What each act says on the time line, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from desk.record.names import Names, listed, moment, short, way
from desk.record.rows import Act
from escalation.models import (
    Climb,
    Countersignature,
    Decision,
    EscalationRequest,
    HeldWarning,
    Warning,
    WarningRecipient,
)
from incidents import models as m
from sla.wording import clock_name

Sentence = Callable[[Act, Names], "str | Said"]
CONTACT, HANDLING, TIME, CHANGES = "contact", "handling", "time", "changes"


@dataclass(frozen=True)
class Said:
    """A sentence with a longer text below it, or with a value before and after."""

    sentence: str
    detail: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Telling:
    """How one verb is told: its icon, the filters under which it is found, its sentence."""

    icon: str
    groups: tuple[str, ...]
    sentence: Sentence


def _accept(act: Act, names: Names) -> str:
    if act.value("relay_acknowledged_at"):
        return _("The desk acknowledged the relayed call")
    said = {"channel": m.Channel(act.value("channel")).label}
    answered = act.first(m.Communication) is not None
    return (_("Accepted: %(channel)s, answered at once") if answered else _("Accepted: %(channel)s")) % said


def _relay(act: Act, names: Names) -> str:
    return _("Relayed to the desk: %(channel)s") % {"channel": m.Channel(act.value("channel")).label}


def _alarm(act: Act, names: Names) -> Said:
    row = act.first(m.Alarm)
    words = f"{row.subject}\n{row.body}" if row else ""
    return Said(_("The same alarm again, time %(count)s") % {"count": act.value("alarm_count")}, words)


def _contact(act: Act, names: Names) -> str:
    row = act.first(m.Communication)
    if row is None:
        return _("Contact with the customer")
    to = names.contact(row.contact_id) or row.to
    said = {"way": way(row.way), "to": to, "text": short(row.text)}
    if not row.reached:
        return _("%(way)s: nobody reached. %(text)s") % said
    if row.is_first_response:
        return (
            _("First response, %(way)s to %(to)s: %(text)s") if to else _("First response, %(way)s: %(text)s")
        ) % said
    return (_("%(way)s to %(to)s: %(text)s") if to else _("%(way)s: %(text)s")) % said


def _invalid(act: Act, names: Names) -> Said:
    reason = act.value("invalid_reason")
    label = m.InvalidReason(reason).label if reason else ""
    return Said(_("Screened: invalid, %(reason)s") % {"reason": label}, act.value("invalid_text") or "")


def _request(act: Act, names: Names) -> Said:
    return Said(_("Screened: service request, passed on word for word"), short(act.value("verbatim") or ""))


def _hand_over(act: Act, names: Names) -> Said:
    row = act.first(m.Handover)
    if row is None:
        return Said(_("Handed over"))
    said = {"kind": m.HandoverKind(row.kind).label, "receiver": names.person(row.receiver_id)}
    return Said(_("Handed over as %(kind)s to %(receiver)s") % said, row.content)


def _type(act: Act, names: Names) -> Said:
    row = act.first(m.TypeChange)
    if row is None:
        return Said(_("Type corrected"))
    return Said(
        _("Type corrected: %(reason)s") % {"reason": short(row.reason)},
        before=str(m.Type(row.from_type).label),
        after=str(m.Type(row.to_type).label),
    )


def _opinion(act: Act, names: Names) -> Said:
    row = act.first(m.Opinion)
    agrees = row is not None and row.agrees
    return Said(_("Opinion: agrees") if agrees else _("Opinion: does not agree"), row.text if row else "")


def _with(sentence: Callable[[], str], *columns: str) -> Sentence:
    """A fixed sentence with what was written into the columns below it."""
    return lambda act, names: Said(sentence(), "\n".join(str(act.value(name)) for name in columns if act.value(name)))


def _received(act: Act, names: Names) -> str:
    return _("Signed for receipt")


def _returned(act: Act, names: Names) -> Said:
    row = act.first(m.Handover)
    return Said(_("Returned to the desk"), row.return_reason if row else "")


def _completed(act: Act, names: Names) -> Said:
    row = act.first(m.Handover)
    reference = row.reference if row else ""
    return Said(_("Hand-over completed: %(reference)s") % {"reference": reference}, row.result if row else "")


def _grading(act: Act, names: Names) -> str:
    grade = names.grade(act.value("impact"), act.value("urgency"))
    parts = [
        names.leaf(act.value("leaf") or ""),
        f"{grade} = {names.level(act.value('priority'))}",
        _("due %(time)s") % {"time": moment(act.value("due_at"))} if act.value("due_at") else "",
    ]
    return _("Classified: %(grading)s") % {"grading": listed(parts)}


def _moved(act: Act, names: Names) -> Said:
    """Old and new due time of each clock, as one change or as a list."""
    moved = act.facts.get("moved", [])
    if len(moved) == 1:
        [only] = moved
        sentence = _("%(clock)s: due time after a change of calendar or contract") % {
            "clock": clock_name(only["clock"])
        }
        return Said(sentence, before=moment(only["before"]), after=moment(only["after"]))
    lines = [f"{clock_name(one['clock'])}: {moment(one['before'])} → {moment(one['after'])}" for one in moved]
    return Said(_("Due times after a change of calendar or contract"), "\n".join(lines))


def _regrading(act: Act, names: Names) -> Said:
    row = act.first(m.Reclassification)
    if row is None:
        return Said(_("Classified again"))
    level = act.value("priority") or row.priority
    due = act.value("due_at")
    until = listed([names.level(level), _("due %(time)s") % {"time": moment(due)} if due else ""])
    return Said(
        _("Classified again: %(reason)s") % {"reason": short(row.reason)}, before=names.level(row.priority), after=until
    )


def _handler(act: Act, names: Names) -> Said:
    row = act.first(m.HandlerChange)
    if row is None:
        return Said(_("Reassigned"))
    return Said(
        _("Reassigned: %(reason)s") % {"reason": short(row.reason)},
        before=names.person(row.from_user_id),
        after=names.person(row.to_user_id),
    )


def _lookup(act: Act, names: Names) -> Said:
    row = act.first(m.KnowledgeLookup)
    if row is None:
        return Said(_("Knowledge base consulted"))
    adopted = row.article_version.article.code if row.article_version_id and row.article_version else ""
    adopted = adopted or (row.like_case.number if row.like_case_id and row.like_case else "")
    said = {"query": row.query, "adopted": adopted}
    if row.result == m.KnowledgeLookup.Result.ADOPT:
        return Said(_("Knowledge base “%(query)s”: %(adopted)s adopted") % said, row.reason)
    return Said(_("Knowledge base “%(query)s”: none fits") % said, row.reason)


def _step(act: Act, names: Names) -> Said:
    row = act.first(m.HandlingStep)
    return Said(row.what, row.result) if row else Said(_("Handled"))


def _visit(act: Act, names: Names) -> str:
    row = act.first(m.Visit)
    if row is None:
        return _("On site")
    said = {"who": listed(row.who), "place": row.place, "arrival": moment(row.arrival)}
    if row.departure is None:
        return _("On site: %(who)s at %(place)s since %(arrival)s") % said
    return _("On site: %(who)s at %(place)s, %(arrival)s to %(departure)s") % {
        **said,
        "departure": moment(row.departure),
    }


def _departure(act: Act, names: Names) -> str:
    row = act.first(m.Visit)
    if row is None or row.departure is None:
        return _("Left the site")
    said = {"who": listed(row.who), "place": row.place, "departure": moment(row.departure)}
    return _("%(who)s left %(place)s at %(departure)s") % said


def _report(act: Act, names: Names) -> str:
    row = act.first(m.Report)
    return _("Reported to %(to)s: %(reason)s") % {
        "to": names.person(row.to_id) if row else "",
        "reason": short(row.reason) if row else "",
    }


def _answer(act: Act, names: Names) -> Said:
    row = act.first(m.Report)
    return Said(_("Answered the desk"), row.answer if row else "")


def _take_over(act: Act, names: Names) -> Said:
    row = act.first(m.HandlerChange)
    return Said(
        _("Took over the handling"),
        row.reason if row else "",
        before=names.person(row.from_user_id) if row else "",
        after=names.person(row.to_user_id) if row else "",
    )


def _wait(act: Act, names: Names) -> Said:
    row = act.first(m.Waiting)
    if row is None:
        return Said(_("Waiting for the customer"))
    stopped = _("Waiting, clock stopped: %(awaits)s") if row.stops_clock else _("Waiting, clock runs: %(awaits)s")
    asked = _contact(act, names) if act.first(m.Communication) else ""
    return Said(stopped % {"awaits": short(row.awaits)}, " · ".join(filter(None, [asked, row.basis])))


def _resume(act: Act, names: Names) -> str:
    row = act.first(m.Waiting)
    said = {"way": way(row.way) if row else "", "received": short(row.received) if row else ""}
    return _("The customer answered, %(way)s: %(received)s") % said


def _told(act: Act, names: Names) -> str:
    told = [row for row in act.rows if isinstance(row, WarningRecipient)]
    return listed(list(dict.fromkeys(names.person(row.user_id) or names.contact(row.contact_id) for row in told)))


def _words(act: Act) -> str:
    """What the customer was told in this act, the way before the words."""
    row = act.first(m.Communication)
    return _("To the customer, %(way)s: %(text)s") % {"way": way(row.way), "text": row.text} if row else ""


def _warn(act: Act, names: Names) -> Said:
    row = act.first(Warning)
    said = {"told": _told(act, names), "reason": short(row.reason) if row else ""}
    if row is not None and row.expected_at:
        expected = {**said, "time": moment(row.expected_at)}
        return Said(_("Warned %(told)s: %(reason)s New expected time %(time)s") % expected, _words(act))
    return Said(_("Warned %(told)s: %(reason)s") % said, _words(act))


def _threshold(act: Act, names: Names) -> Said:
    rows = [row for row in act.rows if isinstance(row, Warning)]
    percents = [row.threshold for row in rows] or [act.facts.get("threshold", 0)]
    said = {"percent": _(", ").join(f"{percent}" for percent in percents), "told": _told(act, names)}
    over = _("The time allowed is over: %(told)s warned") % said
    sentence = over if percents[-1] == 100 else _("%(percent)s%% of the time allowed is used: %(told)s warned") % said
    if not act.facts.get("late"):
        return Said(sentence, _words(act))
    reached = [
        _("%(percent)s%% at %(time)s") % {"percent": row.threshold, "time": moment(row.reached_at)} for row in rows
    ]
    late = _("Reached: %(moments)s") % {"moments": listed(reached)}
    return Said(_("%(told)s, late") % {"told": sentence}, "\n".join(filter(None, [late, _words(act)])))


def _forecast(act: Act, names: Names) -> Said:
    said = {"told": _told(act, names), **{name: act.facts.get(name, "") for name in ("reached", "missed", "percent")}}
    sentence = _("Cases like this one usually miss their time from here on: %(told)s warned") % said
    counts = _("%(missed)s of %(reached)s that had used %(percent)s%% of their time missed it") % said
    return Said(sentence, counts)


def _held(act: Act, names: Names) -> str:
    said = {"percent": act.facts.get("threshold", ""), "time": moment(act.facts.get("held_until"))}
    return _("%(percent)s%% of the time allowed is used; held until the opening at %(time)s (quiet hours)") % said


def _unsent(act: Act, names: Names) -> str:
    reason = act.facts.get("reason", "")
    why = HeldWarning.Outcome(reason).label if reason in HeldWarning.Outcome.values else reason
    said = {"percent": act.facts.get("threshold", ""), "why": why}
    return _("The warning held at %(percent)s%% was not sent: %(why)s") % said


def _climb(act: Act, names: Names) -> Said:
    told = listed([names.person(row.user_id) for row in act.rows if isinstance(row, Climb)])
    skipped = [each.get("name", "") for each in act.facts.get("skipped", [])]
    away = _("Away, not told: %(who)s") % {"who": listed(skipped)} if skipped else ""
    if not told:
        return Said(_("Nobody acknowledged the warning, and nobody further up is left to tell"), away)
    return Said(_("Nobody acknowledged the warning: %(who)s told") % {"who": told}, away)


def _acknowledged(act: Act, names: Names) -> str:
    return _("Acknowledged the warning")


def _reminder(act: Act, names: Names) -> str:
    waits = {
        "relay": _("Relayed call not acknowledged in time: the head is told"),
        "handover": _("Hand-over not received in time: the head is told"),
        "decision": _("Escalation undecided: reminded"),
        "countersign": _("Countersignature overdue: reminded"),
    }
    return waits.get(str(act.facts.get("clock", "")), _("Reminded"))


def _confirm(act: Act, names: Names) -> Said:
    row = act.first(m.Confirmation)
    if row is None:
        return Said(_("Confirmed"))
    said = {"who": names.contact(row.contact_id), "way": way(row.way)}
    words = _("%(who)s confirmed, %(way)s") if row.authorised else _("%(who)s, who may not confirm, confirmed, %(way)s")
    score = _("satisfaction %(score)d") % {"score": row.satisfaction} if row.satisfaction else ""
    reason = "" if row.authorised else act.value("unauthorised_confirmation_reason") or ""
    return Said(listed([words % said, score]), "\n".join(filter(None, [row.opinion, reason])))


def _again(sentence: Callable[[], str]) -> Sentence:
    def say(act: Act, names: Names) -> Said:
        row = act.first(m.Reopening)
        return Said(sentence(), row.reason if row else "")

    return say


def _annex(act: Act, names: Names) -> Said:
    row = act.first(m.Annex)
    missing = row is not None and row.kind == m.Annex.Kind.MISSING
    return Said(_("Sent back: something is missing") if missing else _("Annex added"), row.text if row else "")


def _asked(act: Act, names: Names) -> Said:
    row = act.first(EscalationRequest)
    label = EscalationRequest.Trigger(row.trigger).label if row else ""
    return Said(_("Asked to become a problem: %(trigger)s") % {"trigger": label}, row.reason if row else "")


def _decided(act: Act, names: Names) -> Said:
    row = act.first(Decision)
    approved = row is not None and row.approved
    return Said(_("Escalation approved") if approved else _("Escalation refused"), row.reason if row else "")


def _countersigned(act: Act, names: Names) -> Said:
    row = act.first(Countersignature)
    agrees = row is not None and row.agrees
    return Said(_("Countersigned") if agrees else _("Countersignature: objected"), row.opinion if row else "")


def _problem(act: Act, names: Names) -> str:
    return _("Problem %(number)s raised and handed to problem management") % {"number": act.value("number") or ""}


def _problem_received(act: Act, names: Names) -> str:
    reference = act.value("reference")
    if reference:
        return _("Problem management received it as %(reference)s") % {"reference": reference}
    return _("Problem management received it")


def _problem_withdrawn(act: Act, names: Names) -> Said:
    return Said(_("The problem was withdrawn: refused after all"), str(act.value("withdrawal_reason") or ""))


TELLINGS: Mapping[str, Telling] = {
    "relay": Telling("phone-incoming", (CONTACT,), _relay),
    "accept": Telling("phone-incoming", (CONTACT,), _accept),
    "join_alarm": Telling("activity", (HANDLING,), _alarm),
    "respond": Telling("phone-outgoing", (CONTACT, TIME), _contact),
    "communicate": Telling("phone-outgoing", (CONTACT,), _contact),
    "screen_as_incident": Telling(
        "filter", (HANDLING,), _with(lambda: _("Screened: valid, within the contract, incident"))
    ),
    "screen_as_invalid": Telling("circle-minus", (HANDLING,), _invalid),
    "screen_as_request": Telling("filter", (HANDLING,), _request),
    "hand_over": Telling("arrow-forward-up", (HANDLING,), _hand_over),
    "change_type": Telling("refresh", (CHANGES,), _type),
    "give_opinion": Telling("message-plus", (HANDLING,), _opinion),
    "accept_request": Telling("check", (HANDLING,), _with(lambda: _("Service request accepted"), "request_reason")),
    "decline_request": Telling("ban", (HANDLING,), _with(lambda: _("Service request declined"), "request_reason")),
    "complete_request": Telling("checks", (HANDLING,), _with(lambda: _("Service request completed"), "request_result")),
    "receive_handover": Telling("signature", (HANDLING,), _received),
    "return_handover": Telling("arrow-back-up", (CHANGES,), _returned),
    "complete_handover": Telling("checks", (HANDLING,), _completed),
    "classify": Telling("category", (HANDLING, TIME), _grading),
    "apply_deadlines": Telling("calendar-event", (TIME, CHANGES), _moved),
    "reclassify": Telling("category", (TIME, CHANGES), _regrading),
    "reassign": Telling("user-share", (CHANGES,), _handler),
    "confirm_contract_notes": Telling(
        "file-check", (HANDLING,), _with(lambda: _("Read and confirmed the contract's notes"))
    ),
    "look_up": Telling("book-2", (HANDLING,), _lookup),
    "start": Telling("player-play", (HANDLING,), _with(lambda: _("Started handling"))),
    "write_plan": Telling("clipboard-text", (HANDLING,), _with(lambda: _("Wrote the plan"), "plan")),
    "log_handling": Telling("tools", (HANDLING,), _step),
    "record_visit": Telling("map-pin", (HANDLING,), _visit),
    "record_security_twin": Telling("link", (CHANGES,), _with(lambda: _("A linked record was made"))),
    "record_departure": Telling("logout", (HANDLING,), _departure),
    "report_up": Telling("message-report", (HANDLING,), _report),
    "answer_report": Telling("message-circle", (HANDLING,), _answer),
    "take_over": Telling("user-check", (HANDLING, CHANGES), _take_over),
    "wait": Telling("hourglass", (CONTACT, TIME), _wait),
    "resume": Telling("player-play", (CONTACT, TIME), _resume),
    "warn": Telling("speakerphone", (TIME, CONTACT), _warn),
    "state_breach_reason": Telling(
        "clock-exclamation", (TIME,), _with(lambda: _("Stated the cause of the miss"), "breach_reason")
    ),
    "request_escalation": Telling("bug", (HANDLING,), _asked),
    "decide_escalation": Telling("rubber-stamp", (HANDLING,), _decided),
    "countersign": Telling("signature", (HANDLING,), _countersigned),
    "raise_problem": Telling("bug", (HANDLING,), _problem),
    "acknowledge_problem": Telling("bug", (HANDLING,), _problem_received),
    "withdraw_problem": Telling("arrow-back-up", (HANDLING, CHANGES), _problem_withdrawn),
    "reinstate_problem": Telling(
        "bug", (HANDLING,), _with(lambda: _("The problem was handed to problem management anew"))
    ),
    "resolve": Telling("check", (HANDLING, TIME), _with(lambda: _("Resolved"), "cause", "solution")),
    "quick_solve": Telling("bolt", (HANDLING, TIME), _with(lambda: _("Solved at once"), "cause", "solution")),
    "confirm": Telling("message-check", (CONTACT,), _confirm),
    "reject": Telling("repeat", (CONTACT, CHANGES), _again(lambda: _("The customer says that it is not solved"))),
    "close": Telling("circle-check", (HANDLING,), _with(lambda: _("Closed"), "unauthorised_confirmation_reason")),
    "reopen": Telling("lock-open", (CHANGES,), _again(lambda: _("Opened again"))),
    "file": Telling("archive", (HANDLING,), _with(lambda: _("Filed; the form is frozen"), "paper_place")),
    "return_for_completion": Telling("arrow-back-up", (CHANGES,), _annex),
    "add_annex": Telling("paperclip", (CHANGES,), _annex),
    "withdraw": Telling(
        "arrow-back-up", (CONTACT,), _with(lambda: _("Withdrawn by the customer"), "withdrawn_by_name", "withdrawn_how")
    ),
    "warn_trend": Telling("trending-up", (TIME,), _forecast),
    "warn_response": Telling("alert-triangle", (TIME,), _threshold),
    "warn_resolution": Telling("alert-triangle", (TIME, CONTACT), _threshold),
    "hold_warning": Telling("moon", (TIME,), _held),
    "cancel_held_warning": Telling("circle-x", (TIME,), _unsent),
    "climb_warning": Telling("trending-up", (TIME,), _climb),
    "acknowledge_warning": Telling("eye", (TIME,), _acknowledged),
    "adopt_open_visits": Telling("map-pin", (HANDLING,), _with(lambda: _("Visits without a departure were counted"))),
    "repair_clock": Telling("refresh", (TIME,), _with(lambda: _("A clock was put right by its events"))),
    "warn_relay": Telling("alert-triangle", (TIME,), _reminder),
    "warn_handover": Telling("alert-triangle", (TIME,), _reminder),
    "warn_decision": Telling("alert-triangle", (TIME,), _reminder),
    "warn_countersign": Telling("alert-triangle", (TIME,), _reminder),
}


def told(act: Act, names: Names) -> Said:
    """The sentence of an act; one of an unknown kind says its name."""
    telling = TELLINGS.get(act.entry.action)
    said = telling.sentence(act, names) if telling else pgettext("act", act.entry.action)
    return said if isinstance(said, Said) else Said(said)
