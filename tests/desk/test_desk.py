"""My desk: what is mine, in which order, and what it costs."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from base.clock import now
from desk.home import rows as desk_rows
from desk.home.duty_rows import duty_rows
from desk.queries.work import Work, nearest_deadline, work_of
from escalation import actions as escalation
from escalation.queries.shown_clocks import shown_clocks
from incidents import actions
from incidents.models import State
from tests.desk.copies import copy_declarations
from tests.firm import (
    CHEN_HEAD,
    DU_TELECOM_F,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    TELECOM_F,
    WANG_DESK,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    ZHOU_HEAD,
    client_of,
    staff,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
STATEMENTS = 12


def verbs(number: str) -> list[str]:
    return [task.step.verb for task in work_of(staff(number)).mine if task.step]


def groups_of(work: Work) -> list[desk_rows.Group]:
    clocks = shown_clocks([task.declaration for task in [*work.mine, *work.waiting]], now())
    return desk_rows.groups([*desk_rows.step_rows(work, clocks), *duty_rows(work.duties)], now())


@pytest.mark.parametrize(
    ("state", "number", "verb"),
    [
        (State.RELAYED, LIU_DESK, "accept"),
        (State.ACCEPTED, LIU_DESK, "screen_as_incident"),
        (State.SCREENED, LIU_DESK, "classify"),
        (State.CLASSIFIED, LIU_DESK, "start"),
        (State.IN_PROGRESS, LIU_DESK, "resolve"),
        (State.RESOLVED, LIU_DESK, "close"),
        (State.REQUEST_REVIEW, CHEN_HEAD, "give_opinion"),
        (State.REQUEST_REVIEW, HE_RISK, "give_opinion"),
        (State.REQUEST_IN_PROGRESS, CHEN_HEAD, "complete_request"),
        (State.HANDED_OVER, XU_SALES, "receive_handover"),
        (State.HANDOVER_RECEIVED, XU_SALES, "complete_handover"),
        (State.CLOSED, ZHENG_CUSTODIAN, "file"),
    ],
)
def test_each_state_puts_its_next_step_before_the_one_who_takes_it(scene, state, number, verb):
    scene.at(state)
    assert verbs(number) == [verb]


@pytest.mark.parametrize(
    ("state", "awaited"),
    [
        (State.WAITING_CUSTOMER, "Customer answers 1"),
        (State.HANDED_OVER, "许望川 signs for receipt 1"),
        (State.REQUEST_REVIEW, "Risk control answers 1"),
    ],
)
def test_what_waits_for_others_is_one_folded_line(scene, state, awaited):
    scene.at(state)
    work = work_of(staff(LIU_DESK))
    assert (work.mine, desk_rows.waiting_summary(work)) == ([], awaited)


@pytest.mark.parametrize("state", [State.FILED, State.INVALID, State.WITHDRAWN, State.HANDOVER_DONE])
def test_what_has_ended_is_on_nobodys_desk(scene, state):
    scene.at(state)
    assert [work_of(staff(number)) for number in (LIU_DESK, CHEN_HEAD, ZHENG_CUSTODIAN, XU_SALES)] == [Work()] * 4


def test_an_unanswered_mail_is_answered_before_it_is_screened(scene):
    actions.accept(scene.call(channel="email"), actor=staff(LIU_DESK))
    assert verbs(LIU_DESK) == ["respond"]


def test_escalations_go_from_the_desk_to_the_head_and_to_risk_control(scene):
    declaration = scene.handled("severe", "medium")
    assert verbs(LIU_DESK) == ["request_escalation"]
    scene.do(escalation.request_escalation, declaration, LIU_DESK, reason="影响严重")
    assert verbs(CHEN_HEAD) == ["decide_escalation"]
    scene.do(escalation.decide_escalation, declaration, CHEN_HEAD, approved=True, reason="须查根因")
    assert (verbs(CHEN_HEAD), verbs(HE_RISK)) == ([], ["countersign"])


def test_a_problem_waits_for_its_manager(scene):
    declaration = scene.decided()
    row = groups_of(work_of(staff(ZHOU_HEAD)))[0].rows[0]
    assert row.number.startswith("WT-")
    assert declaration.number in row.who


def test_a_report_waits_for_the_answer_of_the_head(scene):
    scene.do(
        actions.report_up, scene.handled("severe", "high"), LIU_DESK, reason="无法独自处理", desk_cannot_solve=True
    )
    assert verbs(CHEN_HEAD) == ["answer_report"]


def test_once_the_head_handles_it_the_desk_only_keeps_the_customer_informed(scene, clock):
    declaration = scene.handled("severe", "high")
    declaration = scene.do(escalation.request_escalation, declaration, LIU_DESK, reason="影响严重")
    scene.do(actions.take_over, declaration, CHEN_HEAD, answer="我来处理")
    assert verbs(LIU_DESK) == []
    clock.advance(hours=2)
    assert verbs(LIU_DESK) == ["communicate"]


def test_a_missed_time_asks_to_tell_the_customer_the_new_one(scene, clock):
    scene.handled("minor", "low")
    clock.advance(hours=5, minutes=30)
    late = groups_of(work_of(staff(LIU_DESK)))[0]
    assert (late.key, late.rows[0].button) == ("late", "Update customer")


def test_the_custodians_question_goes_to_the_desk_until_it_is_answered(scene):
    closed = scene.closed()
    scene.do(actions.return_for_completion, closed, ZHENG_CUSTODIAN, missing="缺扫描件")
    assert (verbs(LIU_DESK), verbs(ZHENG_CUSTODIAN)) == (["add_annex"], [])
    actions.add_annex(closed.pk, actor=staff(LIU_DESK), text="已补")
    assert (verbs(LIU_DESK), verbs(ZHENG_CUSTODIAN)) == ([], ["file"])


def test_who_relayed_a_call_sees_whom_it_waits_for(scene):
    scene.relayed()
    work = work_of(staff(ZHENG_CUSTODIAN))
    assert (work.mine, desk_rows.waiting_summary(work)) == ([], "刘思远 acknowledges 1")


def test_lines_stand_by_time_left_and_not_by_level(scene):
    severe, minor = scene.looked_up("severe", "high"), scene.looked_up("minor", "low")
    relayed = scene.relayed()
    rows = [row.number for group in groups_of(work_of(staff(LIU_DESK))) for row in group.rows]
    assert rows == [relayed.number, minor.number, severe.number]


def test_the_page_names_the_step_and_leads_to_it(scene):
    declaration = scene.screened()
    page = client_of(LIU_DESK).get(reverse("desk"))
    assert reverse("record-step", args=[declaration.number, "classify"]) in page.content.decode()


def test_an_empty_desk_names_the_nearest_deadline(scene):
    scene.waiting()
    page = client_of(WANG_DESK).get(reverse("desk")).content.decode()
    assert "Nothing for you to do now" in page
    assert "The nearest deadline is" in page


def test_nobody_sees_anything_without_signing_in(scene):
    answer = Client().get(reverse("desk"))
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("sign-in"))


def test_the_page_costs_the_same_however_much_there_is(scene, count_queries):
    for state in (State.RELAYED, State.SCREENED, State.IN_PROGRESS, State.HANDED_OVER, State.CLOSED):
        scene.at(state)
    scene.decided()
    readers = {number: client_of(number) for number in (LIU_DESK, CHEN_HEAD, HE_RISK, ZHENG_CUSTODIAN, ZHOU_HEAD)}

    def costs() -> dict[str, int]:
        return {number: count_queries(partial(client.get, reverse("desk"))) for number, client in readers.items()}

    costs()
    few = costs()
    copy_declarations(times=30)
    assert costs() == few
    assert max(few.values()) <= STATEMENTS


def test_no_line_names_a_due_time_while_the_clock_is_paused(scene, clock):
    pausing = Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=DU_TELECOM_F)
    paused = pausing.waiting()
    clock.advance(days=60)
    [row] = [row for group in groups_of(work_of(staff(ZHAO_DESK))) for row in group.rows]
    assert (row.number, row.button) == (paused.number, "Update customer")
    assert "Was due" not in row.why
    assert nearest_deadline(staff(ZHAO_DESK)) is None


def test_a_passed_due_time_is_named_where_the_clock_runs_on(scene, clock):
    scene.waiting()
    clock.advance(days=60)
    [row] = [row for group in groups_of(work_of(staff(LIU_DESK))) for row in group.rows]
    assert "Was due" in row.why


def test_with_nobody_waited_for_that_part_says_so(monday):
    page = client_of(LIU_DESK).get("/?view=waiting").content.decode()
    assert "Nothing in this part" in page
