"""The cases that the whole desk decides: lists, record page, interface for programs, messages and figures."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.actors import SYSTEM
from base.clock import set_clock
from escalation import actions as escalation
from escalation.models import Warning
from incidents import actions
from incidents.models import Declaration, Reopening
from ledger.exceptions import Invalid
from notifications.models import Notification
from record_form.queries import frozen_part
from sla.actions import CalendarEntry, change_calendar, create_calendar, load_calendar_year
from sla.models import Calendar, CalendarDay, ClockEvent, Contract, ContractTarget
from sla.queries import TimeState, time_left
from tests.clock_cases import test_counting
from tests.clock_cases.conftest import CONTACT, DESK, HEAD, Case
from tests.firm import contact, person, staff
from tests.record_form.reading import words
from tests.sla.conftest import march

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
NEW_YORK = ZoneInfo("America/New_York")
WAIT = {"awaits": "批次号", "basis": "09:50 电话"}
REJECT = {"reason": "仍然漏装", "way": "phone"}


def solve(case: Case, moment: datetime, declaration: Declaration) -> Declaration:
    case.do(moment, actions.log_handling, declaration, what="补寄", result="已寄出")
    return case.do(moment, actions.resolve, declaration, **case.scene.solution())


def verdicts(declaration: Declaration) -> list[tuple[datetime, bool]]:
    stops = declaration.resolution_clock.events.filter(kind=ClockEvent.Kind.STOP)
    return [(event.at, event.data["met"]) for event in stops]


def test_case_08_paused_at_95_percent_for_two_days(case):
    declaration = case.minor(march(2, 9), hours=4)
    case.sweep(march(2, 13, 45))
    given = len(case.told(declaration))
    case.do(march(2, 13, 48), actions.wait, declaration, **WAIT)
    for hour in range(48):
        case.sweep(march(2, 14) + timedelta(hours=hour))
    assert len(case.told(declaration)) == given
    assert not Warning.objects.filter(declaration=declaration, kind="breached").exists()
    shown = case.shown(declaration, march(4, 14))
    assert shown.states == {"paused"}
    assert (shown.line["clock"]["left_seconds"], shown.line["clock"]["due_at"]) == (12 * 60, None)
    for page in (shown.list, shown.record):
        assert "已停表，剩 12 分" in page
    with set_clock(march(4, 14)):
        assert declaration.number not in case.browser().get("/records/?view=late").content.decode()
    declaration.resolution_clock.refresh_from_db()
    assert declaration.resolution_clock.breached_at is None


def test_case_09_solved_straight_out_of_the_wait_took_the_time_before_it(case):
    declaration = case.minor(march(2, 9), hours=8)
    case.do(march(2, 10), actions.wait, declaration, **WAIT)
    declaration = solve(case, march(5, 11), declaration)
    left = time_left(declaration.resolution_clock, march(5, 12))
    assert (left.used, left.state) == (timedelta(hours=1), TimeState.MET)
    clocks = {clock["kind"]: clock for clock in case.shown(declaration, march(5, 12)).api["clocks"]}
    verdict = clocks["resolution"]
    assert (verdict["used_seconds"], verdict["met"]) == (3600, True)


def rejected(case: Case) -> Declaration:
    declaration = solve(case, march(2, 10), case.minor(march(2, 9), hours=4))
    return case.do(march(3, 10), actions.reject, declaration, **REJECT)


def test_case_10_a_rejected_solution_never_stopped_the_clock_and_its_verdict_stays_visible(case):
    declaration = rejected(case)
    clock = declaration.resolution_clock
    assert (clock.started_at, clock.due_at, clock.breached_at) == (march(2, 9), march(2, 14), march(2, 14))
    shown = case.shown(declaration, march(3, 11))
    assert shown.states == {"breached"}
    assert verdicts(declaration) == [(march(2, 10), True)]
    assert Reopening.objects.get(declaration=declaration).earlier_resolved_at == march(2, 10)


def test_case_11_solve_reject_solve_again_keeps_both_verdicts_and_the_last_one_counts(case):
    declaration = solve(case, march(3, 11), rejected(case))
    assert verdicts(declaration) == [(march(2, 10), True), (march(3, 11), False)]
    assert (declaration.resolution_clock.met, declaration.resolved_at) == (False, march(3, 11))
    shown = case.shown(declaration, march(3, 12))
    [resolution] = [clock for clock in shown.api["clocks"] if clock["kind"] == "resolution"]
    assert (resolution["met"], resolution["state"]) == (False, "late")
    # The form: the reopening tells the first solution's time, the row of the solution the last one's.
    form = frozen_part(declaration)
    assert "2026-03-02T02:00:00.000000+00:00 及时" in words(form, 51)
    assert "2026-03-03T03:00:00" in words(form, 48)


def test_case_12_a_calendar_without_working_time_is_refused_when_it_is_saved(case):
    with pytest.raises(Invalid):
        create_calendar("Nobody works", actor=SYSTEM, weekly={})
    assert not Calendar.objects.filter(name="Nobody works").exists()


def unanswered(case: Case, moment: datetime) -> Declaration:
    """Received by mail and being handled, with nobody having answered yet."""
    case.allow(4, 8)
    with set_clock(moment):
        declaration = actions.accept(case.scene.call(channel="email"), actor=staff(DESK))
        declaration = case.scene.do(actions.screen_as_incident, declaration, DESK, **case.scene.party())
        grading = actions.Grading("BIZ-01", "minor", "low")
        declaration = case.scene.do(actions.classify, declaration, DESK, grading=grading)
        declaration = case.scene.do(actions.look_up, declaration, DESK, query="漏装", reason="情形不同")
        return case.scene.do(actions.start, declaration, DESK)


def test_case_13_answer_and_wait_in_one_step(case):
    declaration = unanswered(case, march(2, 9))
    declaration = case.do(march(2, 9, 20), actions.wait, declaration, **WAIT, asked_by="email")
    response, resolution = declaration.response_clock, declaration.resolution_clock
    assert (response.stopped_at, response.met) == (march(2, 9, 20), True)
    assert (resolution.paused_at, declaration.state) == (march(2, 9, 20), "waiting_customer")


def test_case_14_a_second_answer_changes_nothing(case):
    with set_clock(march(2, 9)):
        declaration = actions.accept(case.scene.call(channel="email"), actor=staff(DESK))
    for minute in (10, 40):
        declaration = case.do(march(2, 9, minute), actions.communicate, declaration, way="phone", text="已收到")
    assert declaration.first_response_at == declaration.response_clock.stopped_at == march(2, 9, 10)
    assert declaration.response_clock.met is True


NOTES = {
    "internal note": ("log_handling", {"what": "查装订批次", "result": "未找到"}, False),
    "public note": ("communicate", {"way": "email", "contact": CONTACT, "text": "已收到，正在查"}, True),
    "outgoing call": ("communicate", {"way": "phone", "contact": CONTACT, "text": "电话告知已受理"}, True),
    "response": ("respond", {"way": "phone", "contact": CONTACT, "text": "电话告知已受理"}, True),
}


def submit(case: Case, declaration: Declaration, verb: str, values: dict[str, Any], screen: str) -> None:
    if screen == "page":
        sent = {"version": declaration.version, **values}
        answer = case.browser().post(f"/records/{declaration.number}/do/{verb}/", sent)
        assert answer.status_code == 302
        return
    address = f"/api/v1/declarations/{declaration.number}/{verb}/"
    answer = case.program().post(address, values, format="json", HTTP_IF_MATCH=f'"{declaration.version}"')
    assert answer.status_code == 200


@pytest.mark.parametrize("screen", ["page", "api"])
@pytest.mark.parametrize("note", NOTES)
def test_case_15_what_counts_as_a_response(case, note, screen):
    verb, values, counts = NOTES[note]
    declaration = unanswered(case, march(2, 9))
    with set_clock(march(2, 9, 10)):
        submit(case, declaration, verb, values, screen)
    declaration.refresh_from_db()
    assert (declaration.first_response_at == march(2, 9, 10)) is counts
    assert (declaration.response_clock.stopped_at is not None) is counts


def test_case_16_an_automatic_acknowledgement_is_no_response(case):
    with set_clock(march(2, 9)):
        declaration = actions.accept(case.scene.call(channel="email"), actor=SYSTEM)
        case.deliver()
    assert Notification.objects.filter(stream=declaration.stream).exists()
    declaration.refresh_from_db()
    assert declaration.first_response_at is None
    assert time_left(declaration.response_clock, march(2, 9, 31)).state == TimeState.BREACHED


@pytest.mark.parametrize("way", ["portal", "email", "phone"])
def test_case_17_the_customers_answer_resumes_the_clock_alike_whichever_way_it_comes(case, way):
    declaration = case.minor(march(2, 9), hours=4)
    case.do(march(2, 10), actions.wait, declaration, **WAIT)
    declaration = case.do(march(2, 15), actions.resume, declaration, received="批次号已到", way=way)
    clock = declaration.resolution_clock
    assert (clock.paused_at, clock.due_at, declaration.due_at) == (None, march(2, 18), march(2, 18))
    assert clock.next_check_at == march(2, 17)


def test_case_18_a_contract_that_ends_meanwhile_changes_neither_target_nor_warnings(case):
    declaration = case.minor(march(2, 9), hours=8)
    due = declaration.due_at
    Contract.objects.filter(pk=declaration.contract_id).update(ends_on=march(1, 0).date())
    ContractTarget.objects.filter(contract=declaration.contract_id).delete()
    case.sweep(march(2, 16))
    declaration.refresh_from_db()
    assert (declaration.due_at, declaration.target["value"]) == (due, 8)
    assert [event for event, _at, _who in case.told(declaration)] == ["warning.resolution.75"] * 2


def withdrawn(case: Case, moment: datetime) -> Declaration:
    declaration = case.minor(march(2, 9))
    return case.do(moment, escalation.withdraw, declaration, who="唐若宁", how="电话")


def ended(reason: str) -> Any:
    def end(case: Case, moment: datetime) -> Declaration:
        with set_clock(march(2, 9)):
            first = case.scene.accepted() if reason == "duplicate" else None
            declaration = actions.accept(case.scene.call(channel="email"), actor=staff(DESK))
        values = {"reason": reason, "duplicate_of": first, "caller_told": True}
        case.do(moment, actions.communicate, declaration, way="phone", text="已告知")
        return case.do(moment, actions.screen_as_invalid, declaration, **values)

    return end


@pytest.mark.parametrize(
    "end", [withdrawn, ended("test"), ended("duplicate")], ids=["withdrawn", "invalid", "duplicate"]
)
def test_case_19_what_has_ended_leaves_due_lists_and_warnings_at_once(case, end):
    declaration = end(case, march(2, 9, 5))
    assert declaration.has_ended
    for clock in (declaration.response_clock, declaration.resolution_clock):
        assert clock is None or (clock.next_check_at is None and clock.has_ended)
    assert case.sweep(march(9, 9)) == 0
    assert case.told(declaration) == []
    shown = case.shown(declaration, march(9, 9))
    assert shown.line["clock"] is None or shown.line["clock"]["state"] in ("met", "late")
    with set_clock(march(9, 9)):
        assert declaration.number not in case.browser().get("/records/?view=late").content.decode()


def test_case_20_a_single_quick_solve_brings_all_figures_in_its_transaction(case):
    case.allow(4, 4)
    with set_clock(march(2, 9)):
        declaration = actions.accept(case.scene.call(channel="email"), actor=staff(DESK))
        declaration = case.scene.do(actions.screen_as_incident, declaration, DESK, **case.scene.party())
    declaration = case.do(
        march(2, 9, 12),
        actions.solve_in_first_contact,
        declaration,
        grading=actions.Grading("BIZ-01", "minor", "low"),
        consultation=actions.Consultation("漏装", reason="情形不同"),
        notes_read=True,
        solution="电话指导补打",
        means="phone",
        told_to=contact(CONTACT),
    )
    response, resolution = declaration.response_clock, declaration.resolution_clock
    assert (response.met, resolution.met, declaration.first_response_at, declaration.resolved_at) == (
        True,
        True,
        march(2, 9, 12),
        march(2, 9, 12),
    )
    assert (declaration.priority, declaration.quick_solved, declaration.due_at) == (4, True, march(2, 14))
    assert time_left(resolution, march(3, 9)).used == timedelta(minutes=12)


def test_case_21_closing_later_does_not_move_the_time_of_the_solution(case):
    declaration = solve(case, march(2, 10), case.minor(march(2, 9)))
    case.do(march(4, 9), actions.confirm, declaration, contact=contact(CONTACT), way="phone")
    declaration = case.do(march(5, 9), actions.close, declaration)
    clock = declaration.resolution_clock
    assert (declaration.state, declaration.resolved_at, clock.stopped_at) == ("closed", march(2, 10), march(2, 10))
    assert time_left(clock, march(6, 9)).used == timedelta(hours=1)


def test_case_22_a_friday_evening_is_warned_of_on_monday(case):
    declaration = case.minor(march(6, 17), hours=4)
    assert declaration.due_at == march(9, 12)
    told = []
    for hour in range(48, 70):
        case.sweep(march(6, 17) + timedelta(hours=hour - 48))
        told += case.told(declaration)
    assert told == []
    case.sweep(march(9, 11) - TICK)
    assert case.told(declaration) == []
    case.sweep(march(9, 11))
    assert case.told(declaration) == [
        ("warning.resolution.75", march(9, 11), DESK),
        ("warning.resolution.75", march(9, 11), HEAD),
    ]


def test_case_23_overdue_at_night_waits_for_the_opening_and_is_told_once_but_level_1_at_once(case):
    case.allow(4, 12, "natural")
    case.allow(1, 12, "natural")
    with set_clock(march(2, 10)):
        low, high = case.scene.in_progress("minor", "low"), case.scene.in_progress("severe", "high")
    for quarter in range(4 * 26):
        case.sweep(march(2, 19) + timedelta(minutes=15 * quarter))
    late = [(event, at) for event, at, who in case.told(low) if who == DESK and event.startswith("warning.resolution")]
    assert [at for event, at in late if event == "warning.resolution.100"] == [march(3, 9)]
    assert (("warning.resolution.100", march(2, 22), DESK)) in case.told(high)
    assert [row.threshold for row in Warning.objects.filter(declaration=low).order_by("threshold")] == [75, 90, 100]


def test_case_26_a_viewer_in_another_time_zone_sees_the_same_and_shifts_nothing(case):
    declaration = case.minor(march(2, 9), hours=8)
    here = case.shown(declaration, march(2, 17)).api["clock"]
    with timezone.override(NEW_YORK):
        there = case.shown(declaration, march(2, 17)).api["clock"]
    assert {**here, "due_at": None} == {**there, "due_at": None}
    assert datetime.fromisoformat(here["due_at"]) == datetime.fromisoformat(there["due_at"]) == march(2, 18)
    calendar = Calendar.objects.get(name="Eight hours")
    with timezone.override(NEW_YORK):
        change_calendar(
            calendar.pk,
            actor=SYSTEM,
            version=None,
            name="Eight hours still",
            timezone=calendar.timezone,
            weekly={int(day): windows for day, windows in calendar.weekly.items()},
        )
    calendar.refresh_from_db()
    assert (calendar.timezone, calendar.weekly) == ("Asia/Shanghai", calendar.current.weekly)
    assert case.minor(march(3, 9), hours=8).due_at == march(3, 18)


def test_case_27_a_holiday_list_edited_later_moves_open_ones_on_confirmation_and_closed_ones_never(case):
    closed = solve(case, march(2, 10), case.minor(march(2, 9), hours=8))
    running = case.minor(march(2, 17), hours=4)
    calendar = Calendar.objects.get(name="Eight hours")
    with set_clock(march(2, 17, 30)), transaction.atomic():
        load_calendar_year(
            calendar,
            2026,
            [CalendarEntry(march(3, 0).date(), CalendarDay.Kind.DAY_OFF)],
            "国办通知",
            actor=SYSTEM,
        )
        running.resolution_clock.refresh_from_db()
        assert running.resolution_clock.due_at == march(3, 12)
        head = staff(HEAD)
        (moved, _unlike), (none, _unlike) = (
            escalation.apply_deadlines(each.pk, actor=head) for each in (running, closed)
        )
    assert (len(moved), none) == (1, [])
    running.resolution_clock.refresh_from_db()
    assert running.resolution_clock.due_at == march(4, 12)
    was = closed.resolution_clock
    was.refresh_from_db()
    assert (was.due_at, was.met) == (march(2, 18), True)


@pytest.mark.parametrize(("solved", "met"), [(-TICK, True), (0 * TICK, False), (TICK, False)])
def test_case_28_met_is_strictly_before_the_due_instant_whatever_a_percentage_says(case, solved, met):
    declaration = case.minor(march(2, 9), hours=4)
    almost = march(2, 14) - timedelta(hours=4) * 49 / 100_000
    left = time_left(declaration.resolution_clock, almost)
    assert (round(left.fraction, 5), left.state) == (0.99951, TimeState.AT_RISK)
    declaration = solve(case, march(2, 14) + solved, declaration)
    assert declaration.resolution_clock.met is met


def test_case_30_with_all_workers_down_the_breach_is_shown_and_told_late_once(case):
    declaration = case.minor(march(2, 9), hours=4)
    shown = case.shown(declaration, march(2, 16))
    assert shown.states == {"breached"}
    assert shown.line["clock"]["left_seconds"] == -2 * 3600
    for page in (shown.list, shown.record):
        assert "超时 2 小时" in page
    assert case.told(declaration) == []
    case.sweep(march(2, 16))
    case.sweep(march(2, 16, 1))
    to_desk = [row for row in Notification.objects.filter(stream=declaration.stream) if row.user == person(DESK)]
    late = [row for row in to_desk if row.event.startswith("warning")]
    assert [row.event for row in late] == ["warning.resolution.100"]
    assert parse_datetime(late[0].data["reached_at"]) == march(2, 14)


def test_case_32_reclassified_after_a_breach_it_counts_from_the_start_and_the_breach_stays(case):
    declaration = case.minor(march(2, 9), hours=4)
    case.allow(3, 40)
    grading = actions.Grading("BIZ-01", "moderate", "medium", basis="核实")
    declaration = case.do(march(2, 15), actions.reclassify, declaration, grading=grading, reason="影响更大")
    clock = declaration.resolution_clock
    assert (clock.started_at, clock.due_at, clock.breached_at) == (march(2, 9), march(6, 18), march(2, 14))
    shown = case.shown(declaration, march(2, 15))
    [resolution] = [each for each in shown.api["clocks"] if each["kind"] == "resolution"]
    assert datetime.fromisoformat(resolution["breached_at"]) == march(2, 14)
    assert declaration.reclassification_rows.get().due_at == march(2, 14)


def test_every_case_has_its_test():
    named = {name for module in (test_counting, sys.modules[__name__]) for name in vars(module)}
    numbers = {int(name.split("_")[2]) for name in named if name.startswith("test_case_")}
    assert numbers == set(range(1, 37))
