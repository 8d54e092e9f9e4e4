"""What can happen to a clock. Each runs inside the transaction of the owner's action and brings `clock` up to date; the
owner's entry in the ledger tells of it.

Whoever needs the owner's row too locks it before. A sweep claims clocks first, and then only those owners that
nobody holds: it waits for no lock at all, so it can stand in nobody's way for good.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError

from ledger.actions import tell_of
from sla.history import ClockError, apply, next_check, note_breach
from sla.models import Calendar, Clock, ClockEvent
from sla.queries import Reached, reached_thresholds, threshold_at, trend_moment
from sla.targets import Target

Kind = ClockEvent.Kind
BATCH = 1000


def start_clock(
    kind: str,
    *,
    started_at: datetime,
    target: Target,
    source: str,
    calendar: Calendar | None,
    thresholds: Sequence[int] = (100,),
    stopped_at: datetime | None = None,
) -> Clock:
    """Begin to count, from `started_at`, which may lie in the past. Two statements.

    `thresholds` are percent of the target at which a sweep looks; 100 is always among them. What had been reached
    already when it became known begins and stops in one, with `stopped_at`. Raises `ValueError` if the target needs
    a calendar and there is none.
    """
    _refuse_outside_transaction()
    clock = Clock(kind=kind)
    data = _target_data(target, source, calendar.current_id if calendar else None)
    events = [
        ClockEvent(sequence=1, kind=Kind.START, at=started_at, data={**data, "thresholds": sorted({*thresholds, 100})})
    ]
    if stopped_at is not None:
        events.append(ClockEvent(sequence=2, kind=Kind.STOP, at=stopped_at))
    for event in events:
        apply(clock, event)
    if stopped_at is not None:
        events[-1].data = _verdict(clock)
    clock.save(force_insert=True)
    for event in events:
        event.clock = clock
    ClockEvent.objects.bulk_create(events)
    tell_of(clock, *events)
    return clock


def pause(clock: Clock, at: datetime) -> Clock:
    """Stop counting until it is resumed. Raises `ClockError` if it does not run."""
    return _happen(_locked(clock), Kind.PAUSE, at)


def resume(clock: Clock, at: datetime) -> Clock:
    """Go on counting; the due time moves by the counted time of the pause. Raises `ClockError` if it is not paused."""
    return _happen(_locked(clock), Kind.RESUME, at)


def retarget(clock: Clock, *, target: Target, source: str, at: datetime, calendar: Calendar | None = None) -> Clock:
    """Count the same time against another target, from the original start; pauses hold, a breach stays (A-29).

    Keeps the calendar version unless a calendar is given. Thresholds that were dealt with and are still reached are
    not looked at again, the others are. Raises `ClockError` if the clock has ended.
    """
    _locked(clock)
    version_id = calendar.current_id if calendar else clock.calendar_version_id
    event = _next_event(clock, Kind.RETARGET, at, _target_data(target, source, version_id))
    apply(clock, event)
    _look_again(clock, at)
    return _save(clock, event)


def correct(
    clock: Clock,
    *,
    started_at: datetime,
    at: datetime,
    target: Target | None = None,
    source: str = "",
    calendar: Calendar | None = None,
    stopped_at: datetime | None = None,
) -> Clock:
    """Count from another start, as the one that was entered was wrong; also against another target, where one is given.

    A clock that was judged is judged again, with `stopped_at` at another moment; the event keeps the new verdict, the
    one before it stays in its own. Thresholds as in `retarget`. Raises `ClockError` for a start after a pause began.
    """
    _locked(clock)
    if clock.pauses and clock.pauses[0][0] < started_at:
        raise ClockError(f"{clock} was paused before {started_at}")
    version_id = calendar.current_id if calendar else clock.calendar_version_id
    data = _target_data(target or clock.agreed, source or clock.source, version_id)
    moments = {"started_at": started_at} if stopped_at is None else {"started_at": started_at, "stopped_at": stopped_at}
    data |= {name: moment.isoformat() for name, moment in moments.items()}
    event = _next_event(clock, Kind.CORRECT, at, data)
    apply(clock, event)
    if clock.stopped_at is not None:
        event.data = data | _verdict(clock)
    _look_again(clock, at)
    return _save(clock, event)


def _look_again(clock: Clock, at: datetime) -> None:
    clock.checked = max((percent for percent in clock.thresholds if _is_behind(clock, percent, at)), default=0)
    clock.next_check_at = next_check(clock)


def stop(clock: Clock, at: datetime) -> Clock:
    """Judge the clock: met only strictly before its due time (A-03). Ends a pause; an ended clock stays as it is.

    The event keeps the verdict and the due time it was given by.
    """
    if _locked(clock).has_ended:
        return clock
    event = _next_event(clock, Kind.STOP, at, {})
    apply(clock, event)
    event.data = _verdict(clock)
    return _save(clock, event)


def cancel(clock: Clock, at: datetime) -> Clock:
    """Take the clock out of all due lists without a verdict; an ended clock stays as it is."""
    return clock if _locked(clock).has_ended else _happen(clock, Kind.CANCEL, at)


def continue_clock(clock: Clock, at: datetime) -> Clock:
    """Go on as if it had never ended (A-05); the earlier verdict stays in the events. `ClockError` if it runs."""
    return _happen(_locked(clock), Kind.CONTINUE, at)


def claim_due(
    at: datetime, limit: int, kinds: Iterable[str] | None = None, among: Collection[int] | None = None
) -> list[Clock]:
    """Lock up to `limit` running clocks with a threshold reached by `at`, the longest waiting first.

    `kinds` and `among` (keys) narrow it down. Rows that another worker or an action holds are left to it. Costs what
    is due, by `clock_next_check`. The claim lasts until the transaction ends; `mark_checked` is what keeps the next
    sweep from finding them again.
    """
    _refuse_outside_transaction()
    due = Clock.objects.select_for_update(skip_locked=True).filter(next_check_at__lte=at)
    if kinds is not None:
        due = due.filter(kind__in=kinds)
    if among is not None:
        due = due.filter(pk__in=among)
    return list(due.order_by("next_check_at")[:limit])


def mark_checked(*clocks: Clock, at: datetime) -> None:
    """All that was reached by `at` has been dealt with; the clocks wait for their next moment. One statement a 1000."""
    mark_reached([(clock, reached_thresholds(clock, at)) for clock in clocks], at=at)


def mark_reached(checks: Sequence[tuple[Clock, Sequence[Reached]]], *, at: datetime) -> None:
    """The same for a caller that has asked already what each clock has reached by `at`."""
    _refuse_outside_transaction()
    for clock, reached in checks:
        if trend_moment(clock, at) is not None:
            clock.trend_cycle = clock.cycle
        clock.checked = max(clock.checked, reached[-1].percent) if reached else clock.checked
        note_breach(clock, at)
        clock.next_check_at = next_check(clock)
    for first in range(0, len(checks), BATCH):
        _save_checks([clock for clock, _reached in checks[first : first + BATCH]])


def foresee(clocks: Sequence[Clock], percent: int | None) -> None:
    """From `percent` of their time on a miss of these clocks is likely, None if it is not or not known. Cost as above.

    A sweep looks when the moment comes, once a cycle; where it has passed already, at once.
    """
    _refuse_outside_transaction()
    for clock in clocks:
        clock.trend_percent = percent
        clock.next_check_at = next_check(clock)
    for first in range(0, len(clocks), BATCH):
        _save_checks(clocks[first : first + BATCH])


def postpone(until: Iterable[tuple[Clock, datetime]]) -> None:
    """Look at each of these clocks again at its moment; their thresholds stay to be dealt with. Cost as above."""
    _refuse_outside_transaction()
    clocks = []
    for clock, moment in until:
        clock.next_check_at = moment
        clocks.append(clock)
    for first in range(0, len(clocks), BATCH):
        _save_checks(clocks[first : first + BATCH])


def _happen(clock: Clock, kind: Kind, at: datetime) -> Clock:
    event = _next_event(clock, kind, at, {})
    apply(clock, event)
    return _save(clock, event)


def _next_event(clock: Clock, kind: Kind, at: datetime, data: Mapping[str, object]) -> ClockEvent:
    return ClockEvent(clock=clock, sequence=clock.event_count + 1, kind=kind, at=at, data=data)


def _save(clock: Clock, event: ClockEvent) -> Clock:
    clock.save(force_update=True)
    event.save(force_insert=True)
    tell_of(event)
    return clock


def _save_checks(clocks: Sequence[Clock]) -> None:
    """One UPDATE from a list of values, a fraction of what `bulk_update` costs."""
    stored = connection.ops.adapt_datetimefield_value
    rows = [
        (
            clock.pk,
            clock.checked,
            stored(clock.next_check_at),
            stored(clock.breached_at),
            clock.trend_percent,
            clock.trend_cycle,
        )
        for clock in clocks
    ]
    # A column of nothing but nulls has no type of its own on PostgreSQL.
    moment = "timestamp with time zone" if connection.vendor == "postgresql" else "text"
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    update = (
        f"UPDATE {Clock._meta.db_table} SET checked = changed.column2,"  # noqa: S608 (nothing of a person's is in it)
        f" next_check_at = CAST(changed.column3 AS {moment}), breached_at = CAST(changed.column4 AS {moment}),"
        " trend_percent = CAST(changed.column5 AS smallint), trend_cycle = changed.column6"
        f" FROM (VALUES {marks}) AS changed WHERE id = changed.column1"
    )
    with connection.cursor() as cursor:
        cursor.execute(update, [value for row in rows for value in row])


def _locked(clock: Clock) -> Clock:
    _refuse_outside_transaction()
    clock.refresh_from_db(from_queryset=Clock.objects.select_for_update())
    return clock


def _is_behind(clock: Clock, percent: int, at: datetime) -> bool:
    """The threshold was dealt with under the target before, and is reached under the new one as well."""
    moment = threshold_at(clock, percent)
    return percent <= clock.checked and moment is not None and moment <= at


def _target_data(target: Target, source: str, version_id: UUID | None) -> dict[str, object]:
    return {
        "target": target.as_data(),
        "source": str(source),
        "calendar_version": str(version_id) if version_id else None,
    }


def _verdict(clock: Clock) -> dict[str, object]:
    return {"met": clock.met, "due_at": clock.due_at.isoformat()}


def _refuse_outside_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("clocks change only inside the transaction of an action")
