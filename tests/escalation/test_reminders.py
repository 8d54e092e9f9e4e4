"""The clocks of internal steps: who is reminded when, who hears of it next, and what silences it (A-13, A-20, A-10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from base.clock import set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration
from notifications.models import Notification
from tests import scenes
from tests.escalation.sweeping import at, facts, sweep_at, told
from tests.firm import CHEN_HEAD, GAO_MANAGEMENT, HE_RISK, LIU_DESK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("firm")]
HEAD, RISK_CONTROL, MANAGEMENT = CHEN_HEAD, HE_RISK, GAO_MANAGEMENT
SCENE = scenes.Scene()
Make = Callable[[], Declaration]


def decided() -> Declaration:
    declaration = SCENE.requested()
    return SCENE.do(escalation.decide_escalation, declaration, HEAD, approved=True, reason="同意")


# Clock, threshold, how it comes about on Monday at ten, the last instant of silence, that of the reminder, to whom.
TABLE = [
    ("relay", 100, SCENE.relayed, "2026-11-23T10:14:59", "2026-11-23T10:15:00", [HEAD]),
    ("handover", 100, SCENE.handed_over, "2026-11-24T09:59:59", "2026-11-24T10:00:00", [HEAD]),
    (
        "handover",
        100,
        lambda: SCENE.handed_over("infosec", HE_RISK),
        "2026-11-23T10:29:59",
        "2026-11-23T10:30:00",
        [HEAD],
    ),
    ("decision", 50, SCENE.requested, "2026-11-24T09:59:59", "2026-11-24T10:00:00", [HEAD]),
    ("decision", 100, SCENE.requested, "2026-11-25T09:59:59", "2026-11-25T10:00:00", [HEAD, MANAGEMENT]),
    ("countersign", 100, decided, "2026-11-24T09:59:59", "2026-11-24T10:00:00", [HEAD, RISK_CONTROL]),
]
every_row = pytest.mark.parametrize(("kind", "percent", "make", "silent", "due", "people"), TABLE)


@every_row
def test_the_reminder_comes_at_its_instant_to_these_people_once(
    kind: str, percent: int, make: Make, silent: str, due: str, people: list[str]
) -> None:
    with set_clock(scenes.MONDAY):
        declaration = make()
    event = f"overdue.{kind}.{percent}"
    sweep_at(silent)
    assert told(event) == []
    for _ in range(2):
        sweep_at(due)
    assert told(event) == people
    noted = [fact for fact in facts(declaration, f"warn_{kind}") if fact["threshold"] == percent]
    assert len(noted) == 1
    assert datetime.fromisoformat(str(noted[0]["reached_at"])) == at(due)


@every_row
def test_found_late_it_says_since_when(
    kind: str, percent: int, make: Make, silent: str, due: str, people: list[str]
) -> None:
    with set_clock(scenes.MONDAY):
        make()
    sweep_at("2026-11-27T11:00:00")
    late = Notification.objects.filter(event=f"overdue.{kind}.{percent}")
    assert {datetime.fromisoformat(row.data["reached_at"]) for row in late} == {at(due)}


DONE = [
    ("relay", SCENE.relayed, lambda one: SCENE.do(actions.accept_relayed, one, LIU_DESK)),
    ("handover", SCENE.handed_over, lambda one: SCENE.do(actions.receive_handover, one, SCENE.receiver)),
    ("decision", SCENE.requested, lambda one: SCENE.do(escalation.decide_escalation, one, HEAD, **DECIDED)),
    ("countersign", decided, lambda one: SCENE.do(escalation.countersign, one, RISK_CONTROL, **SIGNED)),
]
DECIDED = {"approved": False, "reason": "影响已消除"}
SIGNED = {"agrees": True, "opinion": "同意"}


@pytest.mark.parametrize(("kind", "make", "done"), DONE, ids=[row[0] for row in DONE])
def test_what_was_done_in_time_reminds_nobody(kind: str, make: Make, done: Callable[[Declaration], object]) -> None:
    with set_clock(scenes.MONDAY):
        declaration = make()
    with set_clock(at("2026-11-23T10:10:00")):
        done(declaration)
    sweep_at("2026-11-27T11:00:00")
    assert not Notification.objects.filter(event__startswith=f"overdue.{kind}").exists()


def test_an_internal_clock_keeps_no_quiet_hours() -> None:
    """A call that nobody has taken over may be anything: its head hears of it at night too."""
    with set_clock(at("2026-11-23T22:00:00")):
        SCENE.relayed()
    sweep_at("2026-11-23T22:15:00")
    assert told("overdue.relay.100") == [HEAD]
