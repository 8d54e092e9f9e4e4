"""The clocks of a declaration: which target they get and what stops them (A-03 to A-07, A-27)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from accounts.actors import local_day
from accounts.models import Customer
from accounts.queries import head_of
from base.clock import now
from incidents.actions.notices import notify_of
from incidents.models import Declaration
from incidents.queries.outlook import likely_percent
from ledger.actions import RecordChange
from notifications import actions as notifications
from procedure.queries import rules
from sla import actions as sla
from sla.models import Clock, Contract, Source
from sla.queries import calendar_of, contract_for, response_target, warning_thresholds
from sla.targets import Target


def contract_on(customer: Customer | None, at: datetime) -> Contract | None:
    """The customer's contract in force on the local day of `at`."""
    return contract_for(customer, local_day(at)) if customer is not None else None


def start_response_clock(
    declaration: Declaration, contract: Contract | None, *, answered_at: datetime | None = None
) -> Clock:
    """The response clock runs from receipt, by the contract's target for every type, else by the channel's (A-07).

    A call that was answered in person has stopped it at once.
    """
    channel_target = Target.from_data(rules(declaration.procedure_version_id).response_target(declaration.channel))
    target, source = response_target(contract, declaration.channel, channel_target)
    return sla.start_clock(
        "response",
        started_at=declaration.received_at,
        target=target,
        source=source,
        calendar=calendar_of(contract) if target.needs_calendar else None,
        thresholds=rules(declaration.procedure_version_id).parameter("warning_thresholds_response_percent"),
        stopped_at=answered_at,
    )


def take_response_target(declaration: Declaration, contract: Contract, at: datetime) -> None:
    """A contract that becomes known while the answer is still owed sets its time (A-07); a verdict stays."""
    clock = declaration.response_clock
    if clock is None or clock.has_ended or not contract.in_force(local_day(declaration.received_at)):
        return
    target, source = response_target(contract, declaration.channel, Target.from_data(clock.target))
    if source == Source.CONTRACT and target != clock.agreed:
        sla.retarget(clock, target=target, source=source, at=at, calendar=calendar_of(contract))


def take_resolution_target(declaration: Declaration, target: Target, source: str, at: datetime) -> Clock:
    """The resolution clock runs from receipt; the one of an earlier classification goes on, with its breach (A-29)."""
    clock, calendar = declaration.resolution_clock, calendar_of(declaration.contract)
    if clock is None:
        usual = rules(declaration.procedure_version_id).parameter("warning_thresholds_percent")
        return sla.start_clock(
            "resolution",
            started_at=declaration.received_at,
            target=target,
            source=source,
            calendar=calendar,
            thresholds=warning_thresholds(declaration.contract, usual),
        )
    if clock.has_ended:
        sla.continue_clock(clock, at)
    return sla.retarget(clock, target=target, source=source, at=at, calendar=calendar)


@dataclass(frozen=True)
class Judged:
    """A clock before and after it was counted anew: due when, and whether it was missed."""

    kind: str
    due_before: datetime
    due_after: datetime
    missed_before: bool
    missed_after: bool

    @property
    def is_excused(self) -> bool:
        """Whether what had been missed is timely now."""
        return self.missed_before and not self.missed_after

    @property
    def has_changed(self) -> bool:
        return self.due_before != self.due_after or self.missed_before != self.missed_after

    def as_facts(self) -> dict[str, object]:
        return asdict(self)


def correct_clocks(declaration: Declaration, at: datetime, *, live: bool, channel_before: str) -> list[Judged]:
    """Count what began with the receipt from the receipt that stands now, and by the channel's time; what changed.

    With `live` the call was answered in person, so that the response clock stops with the receipt. A clock that was
    taken out of all lists stays as it is.
    """
    found = []
    for clock in (declaration.response_clock, declaration.resolution_clock):
        if clock is None or clock.cancelled_at is not None:
            continue
        due, missed = clock.due_at, _is_missed(clock, at)
        answers = live and clock.kind == "response"
        stopped_at = declaration.received_at if answers else None
        corrected = sla.correct(
            clock,
            started_at=declaration.received_at,
            at=at,
            stopped_at=stopped_at,
            **_other_target(declaration, clock, channel_before),
        )
        found.append(Judged(clock.kind, due, corrected.due_at, missed, _is_missed(corrected, at)))
    clock = declaration.resolution_clock
    if clock is not None and declaration.due_at is not None:
        declaration.set(due_at=clock.due_at, clock_stands=clock.stands)
    return [each for each in found if each.has_changed]


def _is_missed(clock: Clock, at: datetime) -> bool:
    return clock.met is False or clock.breached_at is not None or (clock.runs_out and clock.due_at <= at)


def _other_target(declaration: Declaration, clock: Clock, channel_before: str) -> dict[str, Any]:
    """The time of the channel that stands now, for a response that no contract sets another for (A-07)."""
    if clock.kind != "response" or declaration.channel == channel_before or clock.source == Source.CONTRACT:
        return {}
    target = Target.from_data(rules(declaration.procedure_version_id).response_target(declaration.channel))
    contract = declaration.contract or contract_on(declaration.customer, declaration.received_at)
    return {
        "target": target,
        "source": Source.CHANNEL,
        "calendar": calendar_of(contract) if target.needs_calendar else None,
    }


def look_ahead(clock: Clock, declaration: Declaration) -> None:
    """Note from when on a miss is likely by what is known of such incidents (5.4.6)."""
    assert declaration.priority is not None
    book = rules(declaration.procedure_version_id)
    percent = likely_percent(declaration.priority, declaration.leaf, book)
    if percent != clock.trend_percent:
        sla.foresee([clock], percent)


def call_off_warnings(step: RecordChange[Declaration], clock: str = "") -> None:
    """What was to be said about a clock that stands now, and has not gone out, need not be said any more (5.4.6)."""
    called_off = notifications.cancel(step.record.stream, events=f"warning.{clock}")
    if called_off:
        step.note(warnings_called_off=called_off)


def cancel_clocks(declaration: Declaration, at: datetime) -> None:
    """Take a withdrawn, invalid or handed-over declaration out of every due list at once."""
    for clock in (declaration.response_clock, declaration.resolution_clock, declaration.relay_clock):
        if clock is not None and clock.stopped_at is None:
            sla.cancel(clock, at)


def tell_head_of_miss(declaration: Declaration) -> None:
    """The head hears of an incident that had missed its time and is one no longer: no figure counts it now (A-29).

    Call it before the clock is cancelled; one statement, and those of the notice.
    """
    clock = declaration.resolution_clock
    if clock is not None and (clock.breached_at is not None or (clock.runs_out and clock.due_at <= now())):
        notify_of(declaration, "incident.miss_left", [head_of(declaration.department)])
