"""What our own history lets expect: learnt, told in a sentence, warned of once, and silent where little is known."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import override

from base.clock import set_clock
from escalation import actions as escalation
from escalation.models import Warning
from incidents import actions
from incidents.models import Declaration
from ledger.models import Entry
from notifications.models import Notification
from sla.actions import foresee
from tests import scenes
from tests.escalation.past import USUAL, past_incidents
from tests.firm import (
    CHEN_HEAD,
    LIN_HEAD,
    LIU_DESK,
    SUN_DESK,
    TELECOM_F,
    WEI_TELECOM_F,
    ZHAO_DESK,
    client_of,
    staff,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+08:00")


def learnt(percents: list[int] = USUAL, leaf: str = "BIZ-01") -> None:
    past_incidents(percents, scenes.MONDAY, leaf=leaf)
    escalation.learn_trend(again=True)


SCENE = scenes.Scene()


def minor(scene: scenes.Scene = SCENE) -> Declaration:
    """Level 4, four working hours from Monday 10:00: 11 % are used at 10:26:24, 75 % at 14:30."""
    return scene.in_progress("minor", "low")


def forecasts(declaration: Declaration) -> list[Warning]:
    return list(Warning.objects.filter(declaration=declaration, kind="trend"))


def sweep(moment: str) -> int:
    with set_clock(at(moment)):
        return escalation.sweep()


def page(declaration: Declaration, moment: str = "23T11:00") -> str:
    client = client_of(LIU_DESK)
    with set_clock(at(moment)), override("en"):
        return client.get(f"/records/{declaration.number}/", headers={"accept-language": "en"}).content.decode()


def test_handler_and_head_are_warned_when_a_miss_becomes_likely_and_the_customer_is_not() -> None:
    learnt()
    declaration = minor()
    assert declaration.resolution_clock.trend_percent == 11
    assert sweep("23T10:26:23") == 0
    assert sweep("23T10:26:24") == 1
    [warning] = forecasts(declaration)
    assert (warning.recipients, warning.reached_at) == (["handler", "department_head"], at("23T10:26:24"))
    told = Notification.objects.filter(event="warning.forecast")
    assert {row.user.employee_number for row in told} == {LIU_DESK, CHEN_HEAD}
    declaration.refresh_from_db()
    assert declaration.customer_warned_at is None
    entry = Entry.objects.filter(stream=declaration.stream).latest("sequence")
    assert (entry.action, entry.clause) == ("warn_trend", "5.4.6")


def test_it_is_told_once_and_the_thresholds_follow_as_ever() -> None:
    learnt()
    declaration = minor()
    assert [sweep(f"23T{moment}") for moment in ("10:30", "10:31", "14:30", "14:31")] == [1, 0, 1, 0]
    assert len(forecasts(declaration)) == 1


def test_another_time_allowed_is_another_forecast() -> None:
    learnt()
    declaration = minor()
    sweep("23T10:30")
    with set_clock(at("23T10:40")):
        grading = actions.Grading("BIZ-01", "minor", "medium", basis="核实")
        actions.reclassify(declaration.pk, version=None, actor=staff(LIU_DESK), grading=grading, reason="更急")
    sweep("23T10:41")
    assert [warning.cycle for warning in forecasts(declaration)] == [1, 2]


def test_nothing_is_told_while_the_clock_stands_and_the_moment_moves_with_it() -> None:
    learnt()
    scene = scenes.Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, custodian=SUN_DESK, contact=WEI_TELECOM_F)
    declaration = minor(scene)  # one natural hour: 11 % at 10:06:36
    with set_clock(at("23T10:05")):
        scene.do(actions.wait, declaration, ZHAO_DESK, awaits="批次号", basis="电话")
    assert sweep("23T12:00") == 0
    with set_clock(at("23T12:00")):
        scene.do(actions.resume, declaration, ZHAO_DESK, received="已到", way="email")
    assert sweep("23T12:01:35") == 0
    assert sweep("23T12:01:36") == 1


def test_at_night_a_low_level_waits_for_the_opening() -> None:
    learnt()
    with set_clock(at("23T17:50")):  # 11 % are used in the morning, at 09:16:24
        declaration = minor()
    declaration.resolution_clock.refresh_from_db()
    with set_clock(at("23T20:30")), transaction.atomic():
        foresee([declaration.resolution_clock], 4)  # 17:59:36: known only at night
    sweep("23T20:31")
    assert forecasts(declaration) == []
    sweep("24T09:00")
    assert len(forecasts(declaration)) == 1


def test_after_an_outage_what_is_late_already_is_not_foretold() -> None:
    learnt()
    declaration = minor()
    sweep("24T12:00")
    assert forecasts(declaration) == []
    assert Warning.objects.filter(declaration=declaration).count() == 3


def test_the_page_tells_the_chance_with_its_counts() -> None:
    learnt()
    declaration = minor()
    assert "Of 42 like cases" in page(declaration)
    assert "22 had used this much of their time (25%); 14 of those missed it" in page(declaration)
    assert "The chance of a miss is about" in page(declaration)


def test_with_too_little_history_it_is_silent_and_says_so() -> None:
    learnt([10] * 9 + [130] * 9)
    declaration = minor()
    assert declaration.resolution_clock.trend_percent is None
    assert sweep("23T11:00") == 0
    assert "No trend yet: 18 like cases have an outcome, 30 are needed." in page(declaration)


def test_a_kind_with_few_cases_of_its_own_leans_on_the_wider_one() -> None:
    learnt(leaf="BIZ-02")
    declaration = minor()
    assert declaration.resolution_clock.trend_percent == 11
    assert "Of 42 like cases (" in page(declaration)


def test_what_is_learnt_later_reaches_the_open_ones_and_once_a_day_is_enough() -> None:
    declaration = minor()
    past_incidents(USUAL, scenes.MONDAY)
    with set_clock(at("23T10:10")):
        assert escalation.learn_trend() == 1
        assert escalation.learn_trend() == 0
    declaration.resolution_clock.refresh_from_db()
    assert declaration.resolution_clock.trend_percent == 11
    assert sweep("23T10:30") == 1
    with set_clock(at("24T10:10")):
        assert escalation.learn_trend() == 0
    with set_clock(at("25T10:10").replace(year=2029)):  # all of it is longer ago than history goes back
        assert escalation.learn_trend() == 1
    declaration.resolution_clock.refresh_from_db()
    assert declaration.resolution_clock.trend_percent is None


def test_asking_costs_one_statement_however_long_the_history(count_queries) -> None:
    learnt([10] * 3)
    declaration = minor()
    few = count_queries(lambda: page(declaration))
    learnt(USUAL * 3)
    assert count_queries(lambda: page(declaration)) == few


def backtested(months: int) -> str:
    told = StringIO()
    call_command("backtest_trend", f"--months={months}", stdout=told, stderr=StringIO())
    return told.getvalue()


def test_the_back_test_compares_with_what_happened_and_with_the_plain_rule() -> None:
    for month in range(1, 5):
        past_incidents(USUAL, scenes.MONDAY - timedelta(days=31 * month))
    told = backtested(2)
    trend, plain = (line.split() for line in told.splitlines()[2:4])
    assert trend[0] == "trend"
    # Everything that is unsolved at 11 % is warned of: 22 cases a month, 14 of them late.
    assert trend[2:4] == ["64%", "100%"]
    assert plain[4:6] == ["100%", "100%"]
    assert float(trend[4]) < 0.25
    assert "calibration" in told


def test_the_back_test_says_that_there_is_too_little_history() -> None:
    assert "Too little history: at most 0 cases" in backtested(3)
