"""What the steps of an escalation share: its clocks, and telling those whose move it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from base.clock import now
from incidents.actions.notices import notify_of
from incidents.models import Declaration
from procedure.queries import Rules, rules
from sla import actions as sla
from sla.models import Clock
from sla.queries import calendar_of
from sla.targets import Target


def decision_clock(declaration: Declaration) -> Clock:
    """The head's time for a decision: a reminder within it, the next level at its end (R-5.4.5-5)."""
    days = rules(declaration.procedure_version_id).parameter("escalation_decision_working_days")
    return sla.start_clock(
        "decision",
        started_at=now(),
        target=Target(days["next_level"], "working_day", "working"),
        source="parameter",
        calendar=calendar_of(declaration.contract),
        thresholds=[100 * days["reminder"] // days["next_level"], 100],
    )


def countersign_clock(declaration: Declaration, book: Rules) -> Clock:
    """The time of risk control for its countersignature (A-10)."""
    return sla.start_clock(
        "countersign",
        started_at=now(),
        target=Target(book.parameter("countersign_working_days"), "working_day", "working"),
        source="parameter",
        calendar=calendar_of(declaration.contract),
        thresholds=[100],
    )


def stop(clock: Clock | None, at: datetime) -> None:
    """Stop the clock unless it stands already."""
    if clock is not None and clock.stopped_at is None:
        sla.stop(clock, at)


def tell(declaration: Declaration, event: str, recipients: Iterable[User | None], *, cycle: int) -> None:
    """Notify each person once."""
    notify_of(declaration, event, recipients, facts={"level": declaration.priority}, cycle=cycle)
