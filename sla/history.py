"""What each event does to a clock: the one place where its columns are derived, forwards and in replay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

from sla.models import Clock, ClockEvent
from sla.queries import counted_by, threshold_at

Kind = ClockEvent.Kind
# No opening is further away than the longest holidays.
LONGEST_NIGHT = timedelta(days=15)


class ClockError(ValueError):
    """The clock is not in a state in which this can happen, or the time given cannot be."""


def apply(clock: Clock, event: ClockEvent) -> None:
    """Bring the columns of `clock`, saved or not, up to the event. Raises `ClockError` and then changes nothing."""
    require_possible(clock, event)
    if event.kind != Kind.START:
        _settle_breach(clock, event.at)
    EFFECTS[Kind(event.kind)](clock, event)
    note_breach(clock, event.at)
    clock.event_count = event.sequence
    clock.next_check_at = next_check(clock)


def replay(clock: Clock) -> Clock:
    """The clock as its events tell it, unsaved; key, kind and what sweeps have left come from the row. One read."""
    stored = {name: getattr(clock, name) for name in ("pk", "kind", "checked", "trend_percent", "trend_cycle")}
    replayed = Clock(**stored)
    for event in sorted(clock.events.all(), key=lambda event: event.sequence):
        apply(replayed, event)
    if replayed.checked >= 100:
        note_breach(replayed, replayed.due_at)
    return replayed


def differences(clock: Clock) -> dict[str, tuple[object, object]]:
    """Each column in which the row is not what its events tell: what stands there, and what should.

    A look that quiet hours or a fault have put off is no difference. One read at most. Raises `ClockError` for events
    that cannot have happened in their order, or none at all.
    """
    replayed = replay(clock)
    if not replayed.event_count:
        raise ClockError(f"{clock} has no events")
    found = {}
    for field in Clock._meta.concrete_fields:
        stored, due = getattr(clock, field.attname), getattr(replayed, field.attname)
        if stored != due and not (field.attname == "next_check_at" and _is_put_off(stored, due)):
            found[field.attname] = (stored, due)
    return found


def _is_put_off(stored: datetime | None, due: datetime | None) -> bool:
    return stored is not None and due is not None and due < stored <= due + LONGEST_NIGHT


def require_possible(clock: Clock, event: ClockEvent) -> None:
    """Raise `ClockError` unless the event can follow."""
    kind = Kind(event.kind)
    if kind == Kind.START:
        return
    if kind == Kind.CONTINUE and not clock.has_ended:
        raise ClockError(f"{clock} was not stopped")
    if kind not in (Kind.CONTINUE, Kind.CORRECT) and clock.has_ended:
        raise ClockError(f"{clock} has ended")
    if kind == Kind.PAUSE and clock.paused_at:
        raise ClockError(f"{clock} is paused already")
    if kind == Kind.RESUME and not clock.paused_at:
        raise ClockError(f"{clock} is not paused")
    if kind not in (Kind.RETARGET, Kind.CORRECT) and event.at < _earliest(clock):
        raise ClockError(f"{event.at} is before the start or the last pause of {clock}")


def note_breach(clock: Clock, at: datetime) -> None:
    """Remember the first due time that has passed unmet by `at`."""
    standing = (clock.stopped_at, clock.cancelled_at, clock.paused_at)
    if clock.breached_at is None and min(filter(None, (at, *standing))) >= clock.due_at:
        clock.breached_at = clock.due_at


def next_check(clock: Clock) -> datetime | None:
    """When the next threshold that no sweep has dealt with is reached, or a miss becomes likely; None if it stands."""
    if not clock.is_running:
        return None
    ahead = [percent for percent in clock.thresholds if percent > clock.checked]
    if clock.awaits_trend:
        ahead.append(clock.trend_percent)
    return threshold_at(clock, min(ahead)) if ahead else None


def _earliest(clock: Clock) -> datetime:
    """No event can lie before the start of the clock or of a pause, or before the end of one."""
    return max([clock.started_at, *(end or start for start, end in clock.pauses)])


def _settle_breach(clock: Clock, at: datetime) -> None:
    """A breach that a sweep saw is undone by what in truth happened before it, and entered later."""
    if clock.breached_at and at < clock.breached_at:
        clock.breached_at = None
    note_breach(clock, at)


def _start(clock: Clock, event: ClockEvent) -> None:
    clock.started_at = event.at
    clock.thresholds = event.data["thresholds"]
    _take_target(clock, event)


def _take_target(clock: Clock, event: ClockEvent) -> None:
    clock.target, clock.source = event.data["target"], event.data["source"]
    version = event.data["calendar_version"]
    clock.calendar_version_id = UUID(version) if version else None
    _compute_due(clock)


def _pause(clock: Clock, event: ClockEvent) -> None:
    clock.paused_at = event.at
    clock.pause_spans = [*clock.pause_spans, [_stored(event.at), None]]


def _resume(clock: Clock, event: ClockEvent) -> None:
    if clock.paused_at is None:
        return
    *earlier, (start, _open) = clock.pause_spans
    clock.pause_spans = [*earlier, [start, _stored(event.at)]]
    clock.paused_at = None
    _compute_due(clock)


def _retarget(clock: Clock, event: ClockEvent) -> None:
    clock.cycle += 1
    _take_target(clock, event)


def _correct(clock: Clock, event: ClockEvent) -> None:
    """What was counted from the wrong start never happened; a breach of an earlier target stays (A-29)."""
    if clock.breached_at == clock.due_at:
        clock.breached_at = None
    clock.cycle += 1
    clock.started_at = datetime.fromisoformat(event.data["started_at"])
    _take_target(clock, event)
    if clock.stopped_at is not None:
        stopped_at = event.data.get("stopped_at")
        _judge(clock, datetime.fromisoformat(stopped_at) if stopped_at else clock.stopped_at, event)


def _stop(clock: Clock, event: ClockEvent) -> None:
    _resume(clock, event)
    _judge(clock, event.at, event)


def _judge(clock: Clock, stopped_at: datetime, event: ClockEvent) -> None:
    """A verdict that was given stands, whatever the arithmetic would say today."""
    clock.stopped_at = stopped_at
    if "due_at" in event.data:
        clock.due_at = datetime.fromisoformat(event.data["due_at"])
    clock.met = event.data.get("met", stopped_at < clock.due_at)


def _continue(clock: Clock, event: ClockEvent) -> None:
    clock.stopped_at = clock.met = clock.cancelled_at = None


def _cancel(clock: Clock, event: ClockEvent) -> None:
    _resume(clock, event)
    clock.cancelled_at = event.at


def _stored(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _compute_due(clock: Clock) -> None:
    ended = [pause for pause in clock.pauses if pause[1]]
    clock.due_at = cast(datetime, clock.agreed.due(clock.started_at, counted_by(clock), ended))


EFFECTS: dict[Kind, Callable[[Clock, ClockEvent], None]] = {
    Kind.START: _start,
    Kind.PAUSE: _pause,
    Kind.RESUME: _resume,
    Kind.RETARGET: _retarget,
    Kind.STOP: _stop,
    Kind.CONTINUE: _continue,
    Kind.CANCEL: _cancel,
    Kind.CORRECT: _correct,
}
