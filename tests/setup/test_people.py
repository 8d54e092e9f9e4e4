"""Deputies, and people whose proofs run out, are told in time and once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.actions import decline_delegation, delegate
from accounts.actors import SYSTEM
from accounts.models import Delegation, Qualification, Role
from base.clock import now
from base.models import Heartbeat
from notifications.models import Notification
from setup.actions import watch_people
from tests.firm import CHEN_HEAD, LIN_HEAD, LIU_DESK, person, staff
from tests.scenes import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("firm")]


@pytest.fixture(autouse=True)
def _monday(clock: Any) -> None:
    """Nothing of before is left to tell."""
    clock.set(MONDAY)
    Qualification.objects.all().delete()


def told() -> list[tuple[str, str, int]]:
    found = Notification.objects.filter(event__regex="^(absence|proof)", channel="in_app").order_by("pk")
    return [(each.event, each.user.employee_number, each.threshold) for each in found.select_related("user")]


def away(begins: timedelta = timedelta(hours=3)) -> Delegation:
    return delegate(
        actor=SYSTEM,
        role=Role.DEPARTMENT_HEAD,
        from_user=person(CHEN_HEAD),
        to_user=person(LIN_HEAD),
        starts_at=now() + begins,
        ends_at=now() + timedelta(days=5),
        reason="休假",
    )


def proof(**dates: date | None) -> Qualification:
    values = {"user": person(LIU_DESK), "kind": "desk", "evidence": "证书", "obtained_on": date(2025, 1, 1), **dates}
    return Qualification.objects.create(**values)


def test_a_deputy_is_told_when_named_and_when_it_begins(clock: Any) -> None:
    away()
    assert watch_people() == 1
    assert watch_people() == 0
    clock.advance(hours=2, minutes=59)
    assert watch_people() == 0
    clock.advance(minutes=1)
    assert watch_people() == 1
    assert watch_people() == 0
    number = person(LIN_HEAD).employee_number
    assert told() == [("absence.named", number, 0), ("absence.begun", number, 0)]
    assert Heartbeat.objects.filter(job="people").exists()


def test_who_stands_in_at_once_is_told_once() -> None:
    away(timedelta())
    assert watch_people() == 1
    assert [event for event, _who, _days in told()] == ["absence.begun"]


def test_what_was_declined_or_is_over_is_not_told(clock: Any) -> None:
    lent = away()
    decline_delegation(lent, actor=staff(LIN_HEAD), version=None, reason="同期出差")
    assert watch_people() == 0
    away()
    clock.advance(days=6)
    assert watch_people() == 0


@pytest.mark.parametrize(("left", "step"), [(60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7)])
def test_a_proof_that_runs_out_is_told_to_the_person_and_the_head(left: int, step: int) -> None:
    proof(expires_on=MONDAY.date() + timedelta(days=left))
    assert watch_people() == 2
    assert watch_people() == 0
    assert told() == [("proof.ending", LIU_DESK, step), ("proof.ending", CHEN_HEAD, step)]


@pytest.mark.parametrize("left", [61, -1, None])
def test_a_proof_that_holds_or_is_over_reminds_nobody(left: int | None) -> None:
    proof(expires_on=None if left is None else MONDAY.date() + timedelta(days=left))
    assert watch_people() == 0


def test_a_proof_that_another_one_continues_reminds_nobody() -> None:
    proof(expires_on=MONDAY.date() + timedelta(days=10))
    proof(expires_on=date(2028, 1, 1), obtained_on=date(2026, 11, 1))
    assert watch_people() == 0


def test_it_costs_the_same_however_many_there_are(count_queries: Any) -> None:
    away()
    watch_people()
    proof(expires_on=MONDAY.date() + timedelta(days=10))
    once = count_queries(watch_people)
    for kind in ("communication", "desk"):
        proof(expires_on=MONDAY.date() + timedelta(days=11), kind=kind)
    assert count_queries(watch_people) == once
