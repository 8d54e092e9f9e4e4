"""What was typed wrong at intake, put right: both texts stay, with the reason (R-5.4.1-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor, local_day
from accounts.models import Contact
from accounts.queries import head_of
from base.clock import now
from base.wording import clock_time
from incidents.access import capacities
from incidents.actions.attachments import SCANS
from incidents.actions.callers import means_of, problem_of_contact
from incidents.actions.calls import MAILS, original_lacks
from incidents.actions.classification import count_repeats
from incidents.actions.clocks import correct_clocks
from incidents.actions.finding import make_findable
from incidents.actions.insiders import own_request
from incidents.actions.notices import notify_of
from incidents.actions.steps import require, working
from incidents.models import (
    INTERNAL_CHANNELS,
    OF_CHANNEL,
    OF_INTERNAL,
    OF_PAPER,
    PAPER_CHANNELS,
    STANDING,
    Capacity,
    Channel,
    Correction,
    Declaration,
    EscalationState,
    Type,
    is_reachable,
)
from ledger.actions import RecordChange
from ledger.canonical import plain
from ledger.exceptions import Sentence
from procedure.queries import rules

# In the order of the form; `contact` is one of the customer's people, the others are columns as they are typed.
CORRECTABLE = (
    *("channel", "received_at", "late_reason", "contact", "caller_name", "caller_phone", "contact_means"),
    *("subject", "body", *OF_PAPER, *OF_INTERNAL),
)
OF_THE_ORIGINAL = {"channel", "pages", "received_on", "no_file_reason"}
OF_THE_PAST = {"channel", "received_at"}
FOUND_BY = {"subject", "body", "contact", "caller_name", "caller_phone"}


def correct(
    declaration_id: int, *, version: int | None, actor: Actor, reason: str, changes: Mapping[str, Any]
) -> Declaration:
    """Put right what was typed wrong: `changes` are the new values of some of `CORRECTABLE`.

    The rules of logging hold for them. With another channel what only the old one was asked is emptied. With another
    receipt or channel every clock that began with it is counted and judged anew. Where a correction makes something
    timely that had been missed, or waives a first response or a request that was due, only the head of department may
    do it, the entry says so, and the record must be reviewed (A-25). What others relied on since stays: the words that
    were passed on, the outcome of screening, the level.
    """
    with working(declaration_id, "correct", version=version, actor=actor) as step:
        record = step.record
        before = {name: getattr(record, name) for name in CORRECTABLE}
        changed = _changed(record, before, changes)
        require(
            reason=None if reason.strip() else _("Say what was wrong, and how you know."),
            subject=None
            if changed
            else _("Nothing differs from what stands there. Correct what is wrong, or go back."),
        )
        require(**_problems(record, before, changed))
        record.set(**changed)
        require(**_problems_of_original(record, changed))
        _keep_both(step, actor, reason, before, changed)
        _require_reachable(step, actor, before)
        if changed.keys() & OF_THE_PAST:
            _count_anew(step, actor, before)
        if changed.keys() & FOUND_BY:
            make_findable(record)
        record.correct()
    return step.record


def _changed(record: Declaration, before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    changed = {name: value for name, value in changes.items() if name in CORRECTABLE and _differs(value, before[name])}
    if changed.get("contact") is not None and "contact_means" not in changes:
        means = means_of(record, changed["contact"])
        changed |= {"contact_means": means} if means != record.contact_means else {}
    if "channel" in changed:
        gone = set(OF_CHANNEL.get(record.channel, ())) - set(OF_CHANNEL.get(changed["channel"], ())) - changed.keys()
        changed |= {name: _empty(name) for name in CORRECTABLE if name in gone and before[name] != _empty(name)}
    return changed


def _differs(value: Any, before: Any) -> bool:
    """Lines that end with two characters, as they were kept once, are the same lines."""
    stood = before.replace("\r\n", "\n") if isinstance(before, str) else before
    return bool(value != stood)


def _empty(name: str) -> Any:
    """What stands in a column of some channels where it is not asked."""
    return None if name in ("pages", "received_on") else ""


def _problems(record: Declaration, before: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Sentence | None]:
    """A sentence for each value that could not have been logged either, or that something rests on."""
    return {
        "subject": _blank(changed, "subject", _("Write the subject in one line.")),
        "body": _blank(changed, "body", _("Write what the caller said.")),
        "contact": _contact_problem(record, changed),
        "caller_phone": own_request(record.customer, changed.get("caller_phone", ""), changed.get("contact_means", "")),
        "contact_means": _means_problem(record, changed, {**before, **changed}),
        "channel": _channel_problem(record, changed),
        "received_at": _receipt_problem(record, changed),
        "late_reason": _late_problem(record, {**before, **changed})
        if {"received_at", "late_reason"} & changed.keys()
        else None,
        **_strangers(changed.get("channel", record.channel), changed),
    }


def _strangers(channel: str, changed: Mapping[str, Any]) -> dict[str, Sentence]:
    """What this channel is not asked, and is to be put right all the same."""
    strange = {*OF_PAPER, *OF_INTERNAL} - set(OF_CHANNEL.get(channel, ()))
    sentence = _("What came in over this channel has no such entry. Correct the channel, or leave it out.")
    return {name: sentence for name in sorted(strange & changed.keys()) if changed[name] != _empty(name)}


def _blank(changed: Mapping[str, Any], name: str, sentence: str) -> Sentence | None:
    return sentence if name in changed and not changed[name].strip() else None


def _contact_problem(record: Declaration, changed: Mapping[str, Any]) -> Sentence | None:
    if "contact" not in changed:
        return None
    chosen: Contact | None = changed["contact"]
    return problem_of_contact(record, chosen)


def _means_problem(record: Declaration, changed: Mapping[str, Any], after: Mapping[str, Any]) -> Sentence | None:
    """A valid declaration keeps a means of contact (A-14), also where the channel begins to ask for one."""
    lacks = bool(changed.keys() & {"contact_means", "channel"}) and not after["contact_means"].strip()
    needed = record.screened_at is not None and after["channel"] not in INTERNAL_CHANNELS
    return _("Ask for one means of contact: phone or e-mail.") if lacks and needed else None


def _channel_problem(record: Declaration, changed: Mapping[str, Any]) -> Sentence | None:
    if "channel" not in changed:
        return None
    if changed["channel"] not in Channel.values:
        return _("Choose the channel by which it came in.")
    if record.accepted_by_id is None and record.relayed_by_id is None:
        return _("It came in by itself over this channel, which therefore stays as it is.")
    if changed["channel"] in INTERNAL_CHANNELS and record.customer_id is None:
        return _("Name the customer that is affected.")
    return None


def _receipt_problem(record: Declaration, changed: Mapping[str, Any]) -> Sentence | None:
    """It was received before anybody typed it, answered it or spoke about it."""
    if "received_at" not in changed:
        return None
    at = changed["received_at"]
    if at is None:
        return _("Enter when it was received.")
    if at > now():
        return _("Received cannot be in the future.")
    if at > record.registered_at:
        return _("It was registered at %(time)s, so it cannot have been received after that.") % {
            "time": clock_time(record.registered_at)
        }
    if record.contract is not None and not record.contract.in_force(local_day(at)):
        return _("%(number)s was not in force on that day: correct the type, so that it is screened again.") % {
            "number": record.contract.number
        }
    spoken_at = _first_spoken_at(record)
    if spoken_at is not None and spoken_at < at:
        return _("The customer was spoken to at %(time)s already, so it was received by then.") % {
            "time": clock_time(spoken_at)
        }
    return None


def _first_spoken_at(record: Declaration) -> Any:
    """The first contact but for the call itself, which was answered as it was received; one statement."""
    rows = record.communication_rows.filter(STANDING)
    if is_answered_live(record):
        rows = rows.exclude(is_first_response=True)
    return rows.order_by("at").values_list("at", flat=True).first()


def is_answered_live(record: Declaration) -> bool:
    """Whether the call itself was the first response (A-07)."""
    return record.first_response_at is not None and record.first_response_at == record.received_at


def _late_problem(record: Declaration, values: Mapping[str, Any]) -> Sentence | None:
    hours = rules(record.procedure_version_id).parameter("received_back_hours")
    at = values["received_at"]
    if at is None or at >= record.registered_at - timedelta(hours=hours) or values["late_reason"].strip():
        return None
    return _("More than %(hours)s hours before it was registered: give the reason.") % {"hours": hours}


def _problems_of_original(record: Declaration, changed: Mapping[str, Any]) -> dict[str, Sentence | None]:
    """What a letter, a fax, an e-mail or an own finding lacks, where that is what was corrected (R-5.3-2)."""
    found: dict[str, Sentence | None] = {}
    if "channel" in changed or "source" in changed:
        blank = record.channel in INTERNAL_CHANNELS and not record.source.strip()
        found["source"] = _("Say which tool or which round found it.") if blank else None
    if not changed.keys() & OF_THE_ORIGINAL:
        return found
    lacks = original_lacks(record.channel, record.no_file_reason)
    found |= {name: None if getattr(record, name) else lacks[name] for name in lacks if name != "attachments"}
    if "attachments" in lacks and not _has_original(record):
        found["no_file_reason"] = lacks["attachments"]
    if record.channel in PAPER_CHANNELS and record.received_on and record.received_on > local_day(now()):
        found["received_on"] = _("A letter or fax cannot have come in after today.")
    return found


def _has_original(record: Declaration) -> bool:
    wanted = MAILS if record.channel == Channel.EMAIL else SCANS
    return record.attachment_rows.filter(STANDING, file__media_type__in=wanted).exists()


def _keep_both(
    step: RecordChange[Declaration], actor: Actor, reason: str, before: Mapping[str, Any], changed: Mapping[str, Any]
) -> None:
    for name in CORRECTABLE:
        if name in changed:
            both = {"before": _kept(before[name]), "after": _kept(changed[name])}
            step.add(
                Correction(declaration=step.record, by=actor.user, at=now(), field=name, reason=reason.strip(), **both)
            )


def _kept(value: Any) -> str:
    """A value as the time line tells of it later, whatever becomes of the contact."""
    if isinstance(value, Contact):
        return value.name
    return "" if value is None else str(plain(value))


def _count_anew(step: RecordChange[Declaration], actor: Actor, before: Mapping[str, Any]) -> None:
    """Clocks, and what was counted by the time of receipt."""
    record, received_at = step.record, before["received_at"]
    live = record.first_response_at is not None and record.first_response_at == received_at
    if live and record.received_at != received_at:
        _answer_with_receipt(step)
    judged = correct_clocks(record, now(), live=live, channel_before=before["channel"])
    if any(each.is_excused for each in judged):
        _favour(step, actor, received_at=_("This makes timely what has been missed."))
    if record.leaf and record.type == Type.INCIDENT:
        due = record.escalation_state
        count_repeats(record, rules(record.procedure_version_id))
        if due == EscalationState.REQUIRED != record.escalation_state:
            _favour(step, actor, received_at=_("With this receipt nobody is asked any more whether it is a problem."))
    if judged:
        step.note(clocks=[each.as_facts() for each in judged])
        _tell(record, actor)


def _answer_with_receipt(step: RecordChange[Declaration]) -> None:
    """A call that was answered in person was answered when it was received, also when that was another time."""
    record = step.record
    assert record.first_response_at is not None
    for row in record.communication_rows.filter(is_first_response=True, at=record.first_response_at):
        step.track(row).at = record.received_at
    if record.communicated_at == record.first_response_at:
        record.communicated_at = record.received_at
    record.first_response_at = record.received_at


def _require_reachable(step: RecordChange[Declaration], actor: Actor, before: Mapping[str, Any]) -> None:
    """Whoever cannot be reached needs no first response, so a desk cannot make somebody so while it is owed."""
    could = any(before[name] for name in ("contact", "caller_phone", "contact_means"))
    if could and not is_reachable(step.record) and step.record.first_response_at is None:
        _favour(step, actor, caller_phone=_("Without a number or a contact no first response is owed any more."))


def _favour(step: RecordChange[Declaration], actor: Actor, **sentences: str) -> None:
    """What a correction takes from our duties only the head may correct, and somebody reviews it."""
    if Capacity.HEAD not in capacities(actor, step.record):
        ask = _("%(what)s Ask the head of department to correct it.")
        require(**{name: ask % {"what": sentence} for name, sentence in sentences.items()})
    step.record.miss_corrected_at = now()


def _tell(record: Declaration, actor: Actor) -> None:
    """Head and desk hear that due times or verdicts changed, but for the one who changed them."""
    people = {person.pk: person for person in (head_of(record.department), record.desk) if person is not None}
    own = actor.user.pk if actor.user else None
    notify_of(record, "incident.recounted", [person for key, person in people.items() if key != own])
