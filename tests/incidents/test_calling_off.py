"""A warning that has not gone out yet is called off when its clock stands: solved, paused, withdrawn (5.4.6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from base.clock import now
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration
from ledger.queries import head
from notifications.actions import notify
from notifications.models import Notification
from tests import scenes
from tests.firm import TANG_BANK_B, contact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()


def owed(declaration: Declaration, event: str = "warning.resolution.75") -> Notification:
    """A warning by mail that waits for a worker."""
    recipient = contact(TANG_BANK_B)
    notify(
        event, stream=declaration.stream, number=declaration.number, recipients=[recipient], data={}, channel="email"
    )
    return Notification.objects.get(event=event, stream=declaration.stream, contact=recipient)


def solve(declaration: Declaration) -> Declaration:
    return SCENE.do(actions.resolve, declaration, SCENE.desk, **SCENE.solution())


def withdraw(declaration: Declaration) -> Declaration:
    return SCENE.do(escalation.withdraw, declaration, SCENE.desk, who="沈亦舟", how="电话：不用处理了")


@pytest.mark.parametrize("step", [solve, withdraw])
def test_it_is_called_off_with_its_reason_and_stands_in_the_trail(step: Callable[[Declaration], Declaration]) -> None:
    declaration = SCENE.handled()
    row, other = owed(declaration), owed(declaration, "incident.assigned")
    step(declaration)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.status, row.reason, other.status) == ("cancelled", "withdrawn", "queued")
    assert '"warnings_called_off":1' in last_payload(declaration)


def test_nothing_is_said_of_it_where_nothing_waited() -> None:
    declaration = solve(SCENE.handled())
    assert "warnings_called_off" not in last_payload(declaration)


def test_a_wait_that_stops_no_clock_calls_nothing_off() -> None:
    declaration = SCENE.in_progress()
    allowed = declaration.contract.pause_allowed
    row = owed(declaration)
    SCENE.do(actions.wait, declaration, SCENE.desk, awaits="批次号", basis="今日 10:00 电话", contact=None)
    row.refresh_from_db()
    assert row.status == ("cancelled" if allowed else "queued")
    assert row.created_at == now()


def last_payload(declaration: Declaration) -> str:
    entry = head(declaration.stream)
    assert entry is not None
    return str(entry.payload.content)
