"""What one clock asks for at one moment, read off its row without a statement (R-5.4.6-3, R-5.4.5-5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation.models import HeldWarning
from escalation.queries import likely_since
from sla.models import Clock
from sla.queries import Reached, reached_thresholds

CUSTOMER_CLOCKS = ("response", "resolution")
# A sweep comes every few seconds: what goes out later than this went out late.
LATE = timedelta(minutes=2)
Outcome = HeldWarning.Outcome
# The opening for which messages wait at a moment, None where they go at once.
QuietUntil = Callable[[datetime], datetime | None]


@dataclass(frozen=True)
class Due:
    """What becomes of a clock: its messages go out, or all of them wait for the opening `held_until`.

    `reached` are the shares of its time that nobody has dealt with yet. A clock of the customer's `warns`, all others
    `remind`; `forecast` is the share from which on cases like it miss their time. Of one that is held, `holds` is the
    message to keep, None while the same one is kept already. `outcome` is what became of a message kept before.
    """

    reached: list[Reached]
    held_until: datetime | None = None
    holds: Reached | None = None
    forecast: Reached | None = None
    warns: bool = False
    reminds: bool = False
    is_late: bool = False
    outcome: Outcome | None = None


def due_of(clock: Clock, at: datetime, *, has_ended: bool, held: HeldWarning | None, quiet_until: QuietUntil) -> Due:
    """What is due of a clock at `at`, while `held` is kept of it; of a record that has ended nothing is told."""
    reached, likely = reached_thresholds(clock, at), likely_since(clock, at)
    is_timed = clock.kind in CUSTOMER_CLOCKS
    opening = quiet_until(at) if is_timed and (reached or likely) else None
    if opening is not None:
        return _held_back(clock, reached, min([*reached, *likely]), opening, held)
    forecast = likely[0] if likely and not has_ended else None
    tells = bool(reached) and not has_ended
    warns = tells and is_timed
    return Due(
        reached,
        forecast=forecast,
        warns=warns,
        reminds=tells and not is_timed,
        # What was held goes out with the forecast, where there is one.
        is_late=warns and _is_late(at, reached[-1].moment, clock, None if forecast else held, quiet_until),
        outcome=_outcome(clock, held) if forecast or warns else None,
    )


def is_late(at: datetime, reached_at: datetime) -> bool:
    """Whether what was reached then goes out late now."""
    return at - reached_at > LATE


def _held_back(
    clock: Clock, reached: list[Reached], first: Reached, opening: datetime, held: HeldWarning | None
) -> Due:
    if held is not None and (held.cycle, held.threshold) == (clock.cycle, first.percent):
        return Due(reached, held_until=opening)
    return Due(reached, held_until=opening, holds=first, outcome=_outcome(clock, held))


def _outcome(clock: Clock, held: HeldWarning | None) -> Outcome | None:
    """What was held goes out now, or has been overtaken by another target."""
    if held is None:
        return None
    return Outcome.SENT if held.cycle == clock.cycle else Outcome.RETARGETED


def _is_late(
    at: datetime, reached_at: datetime, clock: Clock, held: HeldWarning | None, quiet_until: QuietUntil
) -> bool:
    """It goes out well after it was reached, and not because it was held for the opening."""
    planned = quiet_until(reached_at) or reached_at
    if held is not None and held.cycle == clock.cycle:
        planned = max(planned, held.held_until)
    return is_late(at, planned)
