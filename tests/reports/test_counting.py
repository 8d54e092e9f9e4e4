"""What each figure counts: whom, when, and by which verdict."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from base.clock import now
from escalation import actions as escalation
from incidents import actions
from reports.figures import Figure
from reports.periods import Month, Period
from reports.queries.counting import Asked
from reports.queries.records import RecordsPart
from tests.firm import DU_TELECOM_F, LIN_HEAD, TELECOM_F, ZHAO_DESK, contact, staff
from tests.reports.reading import YEAR, numbers, rate, total
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
NOVEMBER = Asked(Period(Month(2026, 11), Month(2026, 11)))


def test_an_incident_solved_before_its_due_time_is_kept(scene: Scene) -> None:
    scene.resolved()
    assert (total().resolution, total().attainment, total().overdue) == (rate(1, 1), rate(1, 1), 0)


@pytest.mark.parametrize(("beside", "kept"), [(-timedelta.resolution, 1), (timedelta(0), 0)])
def test_the_due_time_itself_is_too_late(scene: Scene, clock: Any, beside: timedelta, kept: int) -> None:
    declaration = scene.handled()
    assert declaration.due_at is not None
    clock.set(declaration.due_at + beside)
    scene.do(actions.resolve, declaration, scene.desk, **scene.solution())
    assert total().resolution == rate(kept, 1)


def test_an_open_one_becomes_overdue_by_the_clock_alone(scene: Scene, clock: Any) -> None:
    declaration = scene.in_progress()
    assert declaration.due_at is not None
    clock.set(declaration.due_at - timedelta.resolution)
    assert total().overdue == 0
    clock.set(declaration.due_at)
    assert (total().overdue, total().resolution) == (1, rate(0, 0))
    assert numbers(Figure.RESOLUTION, RecordsPart.OVERDUE) == {declaration.number}
    declaration.resolution_clock.refresh_from_db()
    assert declaration.resolution_clock.breached_at is None  # no sweep has run


def test_a_clock_that_may_stand_is_not_overdue(firm: None, clock: Any) -> None:
    # The contract of this customer stops the clock while the customer is waited for.
    clock.set(datetime.fromisoformat("2026-11-23T10:00:00+08:00"))
    paused = Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=DU_TELECOM_F).waiting()
    assert paused.resolution_clock is not None
    assert paused.resolution_clock.paused_at is not None
    clock.advance(days=60)
    assert total(LIN_HEAD).overdue == 0


def test_a_wait_that_stops_no_clock_is_overdue(scene: Scene, clock: Any) -> None:
    waiting = scene.waiting()
    clock.advance(days=60)
    assert numbers(Figure.RESOLUTION, RecordsPart.OVERDUE) == {waiting.number}


def test_a_rejected_solution_counts_no_longer(scene: Scene, clock: Any) -> None:
    declaration = scene.resolved()
    clock.advance(days=40)
    declaration = scene.do(actions.reject, declaration, scene.desk, reason="又出现了", way="phone")
    assert (total().resolution, total().overdue) == (rate(0, 0), 1)
    scene.do(actions.resolve, declaration, scene.desk, **scene.solution())
    later = Asked(Period(Month(2027, 1), Month(2027, 1)))
    assert (total(asked=YEAR).resolution, total(asked=later).resolution) == (rate(0, 0), rate(0, 1))


@pytest.mark.parametrize("ended", ["invalid", "withdrawn", "handed_over", "handover_done", "request_done"])
def test_what_is_no_incident_does_not_count_as_solved(scene: Scene, clock: Any, ended: str) -> None:
    scene.at(ended)
    clock.advance(days=90)
    assert (total().resolution, total().overdue) == (rate(0, 0), 0)
    assert total().response == rate(1, 1)


def test_a_withdrawn_solution_does_not_count(scene: Scene) -> None:
    scene.do(escalation.withdraw, scene.resolved(), scene.desk, who="唐若宁", how="电话说不用处理了")
    assert total().resolution == rate(0, 0)


def test_a_response_is_counted_once_it_was_given_or_fell_due(scene: Scene, clock: Any) -> None:
    declaration = actions.accept(scene.call(), actor=staff(scene.desk), answered_live=False)
    assert declaration.response_clock is not None
    clock.set(declaration.response_clock.due_at - timedelta.resolution)
    assert total().response == rate(0, 0)
    clock.set(declaration.response_clock.due_at)
    assert total().response == rate(0, 1)
    assert numbers(Figure.RESPONSE, RecordsPart.MISSED) == {declaration.number}


def test_what_was_withdrawn_before_its_response_fell_due_does_not_count(scene: Scene, clock: Any) -> None:
    declaration = actions.accept(scene.call(), actor=staff(scene.desk), answered_live=False)
    clock.advance(minutes=1)
    scene.do(escalation.withdraw, declaration, scene.desk, who="唐若宁", how="电话")
    clock.advance(days=1)
    assert total().response == rate(0, 0)


def test_what_was_withdrawn_after_its_response_fell_due_stays_missed(scene: Scene, clock: Any) -> None:
    declaration = actions.accept(scene.call(), actor=staff(scene.desk), answered_live=False)
    clock.advance(days=1)
    scene.do(escalation.withdraw, declaration, scene.desk, who="唐若宁", how="电话")
    assert total().response == rate(0, 1)
    assert numbers(Figure.RESPONSE, RecordsPart.MISSED) == {declaration.number}


def test_a_late_answer_spoils_the_attainment_of_a_timely_solution(scene: Scene, clock: Any) -> None:
    call = scene.call(received_at=now() - timedelta(hours=1))
    late = actions.accept(call, actor=staff(scene.desk), answered_live=False)
    late = scene.do(actions.respond, late, scene.desk, way="phone", text="已受理")
    late = scene.do(actions.screen_as_incident, late, scene.desk, **scene.party())
    grading = actions.Grading("BIZ-01", "minor", "low", basis="影响范围已核实")
    late = scene.do(actions.classify, late, scene.desk, grading=grading)
    late = scene.do(actions.look_up, late, scene.desk, query="对账单", reason="情形不同")
    scene.do(actions.quick_solve, late, scene.desk, solution="补寄", means="phone", told_to=contact(scene.contact))
    assert (total().resolution, total().response, total().attainment) == (rate(1, 1), rate(0, 1), rate(0, 1))
    assert numbers(Figure.ATTAINMENT, RecordsPart.MISSED) == {late.number}


def test_a_month_counts_by_its_own_date(scene: Scene, clock: Any) -> None:
    clock.set(datetime.fromisoformat("2026-10-31T23:50:00+08:00"))
    declaration = scene.handled()
    clock.set(datetime.fromisoformat("2026-11-01T00:00:00+08:00"))
    scene.do(actions.resolve, declaration, scene.desk, **scene.solution())
    october = Asked(Period(Month(2026, 10), Month(2026, 10)))
    assert (total(asked=october).response, total(asked=NOVEMBER).response) == (rate(1, 1), rate(0, 0))
    assert (total(asked=october).resolution, total(asked=NOVEMBER).resolution) == (rate(0, 0), rate(1, 1))


def test_what_is_overdue_from_before_the_period_is_not_hidden(scene: Scene, clock: Any) -> None:
    scene.in_progress()
    clock.advance(days=120)
    february = Asked(Period(Month(2027, 2), Month(2027, 3)))
    assert total(asked=february).overdue == 1
    september = Asked(Period(Month(2026, 9), Month(2026, 9)))
    assert total(asked=september).overdue == 0
