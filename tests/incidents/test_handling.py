"""Clause 5.4.4: notes, look-up, plan, steps, visits, report and take-over; and the quick solve."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.actors import NOBODY
from base.clock import set_clock
from incidents import actions
from incidents.models import Declaration
from knowledge.models import ArticleVersion
from knowledge.queries import version_for_adoption
from ledger.exceptions import Refused
from ledger.models import Entry
from ledger.queries import content
from notifications.models import Notification
from tests import scenes
from tests.firm import (
    BANK_C,
    CHEN_HEAD,
    HAN_BANK_C,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    WANG_DESK,
    contact,
    person,
    staff,
)
from tests.incidents.refusals import errors, reasons, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
# This customer's contract has notes for handling and asks for a written confirmation.
NOTED = scenes.Scene(customer=BANK_C, desk=LIU_DESK, contact=HAN_BANK_C)
NOTES = ("Read and confirm the handling notes of the contract first.", "5.4.4")
LOOK_UP = ("Consult the knowledge base before you start.", "5.4.4")


def article(code: str) -> ArticleVersion | None:
    return version_for_adoption(staff(LIU_DESK), code)


def look_up(declaration: Declaration, **values: Any) -> Declaration:
    return SCENE.do(actions.look_up, declaration, LIU_DESK, **{"query": "漏装", **values})


def looked_up_wrong(**values: Any) -> dict[str, str]:
    return errors(refused(actions.look_up, SCENE.classified(), **{"query": "漏装", **values}))


# The gate before handling


def test_handling_begins_after_notes_and_look_up_in_the_procedures_order() -> None:
    declaration = NOTED.classified()
    assert reasons(refused(actions.start, declaration)) == [NOTES, LOOK_UP]
    declaration = SCENE.do(actions.confirm_contract_notes, declaration, LIU_DESK)
    assert reasons(refused(actions.start, declaration)) == [LOOK_UP]
    declaration = look_up(declaration, reason="情形不同")
    started = SCENE.do(actions.start, declaration, LIU_DESK)
    assert (started.state, started.started_at) == ("in_progress", scenes.MONDAY)


def test_notes_are_confirmed_once_and_only_where_there_are_any() -> None:
    noted = SCENE.do(actions.confirm_contract_notes, NOTED.classified(), LIU_DESK)
    for declaration in (noted, SCENE.classified()):
        found = refused(actions.confirm_contract_notes, declaration)
        assert reasons(found) == [("This contract has no handling notes left to confirm.", "5.4.4")]
    assert noted.contract_notes_confirmed_by == person(LIU_DESK)


def test_only_the_handler_starts() -> None:
    declaration = SCENE.do(actions.reassign, SCENE.looked_up(), LIU_DESK, to=person(WANG_DESK), reason="休假")
    assert str(refused(actions.start, declaration)) == "This step is for: Handler."
    assert SCENE.do(actions.start, declaration, WANG_DESK).state == "in_progress"


def test_nothing_is_handled_before_it_is_graded() -> None:
    declaration = SCENE.screened()
    for action, values in (
        (actions.look_up, {"query": "漏装", "reason": "无"}),
        (actions.start, {}),
        (actions.log_handling, {"what": "补寄", "result": "已寄"}),
    ):
        assert refused(action, declaration, **values).status in (403, 409)


# The look-up


def test_an_article_is_adopted_in_the_version_of_today() -> None:
    declaration = look_up(SCENE.classified(), article=article("KB-002"))
    found = declaration.knowledgelookup_rows.get()
    assert (found.result, found.article_version) == ("adopt", article("KB-002"))
    assert (declaration.article_code, declaration.looked_up_at) == ("KB-002", scenes.MONDAY)


def test_an_expired_article_cannot_be_adopted() -> None:
    assert "has expired" in looked_up_wrong(article=article("KB-007"))["article"]


def test_a_closed_like_case_counts_as_knowledge_and_an_open_one_does_not() -> None:
    closed = SCENE.closed()
    assert set(looked_up_wrong(like_case=SCENE.in_progress())) == {"like_case"}
    declaration = look_up(SCENE.classified(), like_case=closed)
    assert declaration.knowledgelookup_rows.get().like_case == closed


def test_a_reopened_case_is_knowledge_no_longer() -> None:
    reopened = SCENE.do(actions.reopen, SCENE.closed(), LIU_DESK, reason="又漏装")
    assert set(looked_up_wrong(like_case=reopened)) == {"like_case"}


def test_whoever_finds_nothing_says_what_was_sought_and_why_none_fits() -> None:
    assert set(looked_up_wrong(query=" ", reason=" ")) == {"query", "reason"}
    found = look_up(SCENE.classified(), reason="情形不同").knowledgelookup_rows.get()
    assert (found.result, found.reason) == ("none_fits", "情形不同")


def test_the_record_keeps_what_the_search_offered_with_titles_and_versions() -> None:
    closed = SCENE.closed()
    found = look_up(SCENE.classified(), reason="情形不同").knowledgelookup_rows.get()
    version = article("KB-002")
    assert version is not None
    assert found.hits[0] == f"KB-002《{version.article.title}》V{version.version_label}"
    assert found.hits[-1] == closed.number


# Plan, steps, visits


def test_levels_one_and_two_need_a_plan_and_every_level_a_step() -> None:
    declaration = SCENE.in_progress("moderate", "high")
    values = SCENE.solution()
    assert reasons(refused(actions.resolve, declaration, **values)) == [
        ("Write the plan first; levels 1 and 2 need one.", "5.4.4"),
        ("Record at least one handling step with its result first.", "5.4.4"),
    ]
    third = SCENE.in_progress("moderate", "medium")
    assert [sentence for sentence, _clause in reasons(refused(actions.resolve, third, **values))] == [
        "Record at least one handling step with its result first."
    ]


def test_plan_and_step_are_written_in_words() -> None:
    declaration = SCENE.in_progress()
    assert set(errors(refused(actions.write_plan, declaration, text=" "))) == {"text"}
    assert set(errors(refused(actions.log_handling, declaration, what="", result=" "))) == {"what", "result"}
    logged = SCENE.do(actions.log_handling, declaration, LIU_DESK, what="补寄", result="已寄出")
    step = logged.handlingstep_rows.get()
    assert (step.what, step.result, step.by, step.at) == ("补寄", "已寄出", person(LIU_DESK), scenes.MONDAY)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"who": []}, {"who"}),
        ({"place": " "}, {"place"}),
        ({"arrival": 1, "departure": None}, {"arrival"}),
        ({"arrival": -1, "departure": -2}, {"departure"}),
        ({"arrival": -1, "departure": 1}, {"departure"}),
    ],
)
def test_a_visit_is_a_stretch_of_the_past(changes: dict[str, Any], fields: set[str]) -> None:
    values: dict[str, Any] = {"who": ["王工"], "place": "客户机房", "arrival": -2, "departure": -1, **changes}
    for name in ("arrival", "departure"):
        if values[name] is not None:
            values[name] = scenes.MONDAY + timedelta(hours=values[name])
    assert set(errors(refused(actions.record_visit, SCENE.in_progress(), **values))) == fields


def test_a_visit_is_kept() -> None:
    arrival = scenes.MONDAY - timedelta(hours=1)
    declaration = SCENE.do(
        actions.record_visit, SCENE.in_progress(), LIU_DESK, who=["王工", "李工"], place="客户机房", arrival=arrival
    )
    visit = declaration.visit_rows.get()
    assert (visit.who, visit.arrival, visit.departure) == (["王工", "李工"], arrival, None)


def visited(declaration: Declaration, hours: float = 2, by: str = LIU_DESK, **changes: Any) -> Declaration:
    there = {"who": ["王工"], "place": "客户机房", "arrival": scenes.MONDAY - timedelta(hours=hours), **changes}
    return SCENE.do(actions.record_visit, declaration, by, **there)


def test_a_departure_is_added_later_and_stands_in_the_ledger() -> None:
    declaration = visited(SCENE.in_progress())
    assert declaration.visits_open == 1
    left = scenes.MONDAY - timedelta(minutes=5)
    declaration = SCENE.do(actions.record_departure, declaration, LIU_DESK, departure=left)
    assert (declaration.visit_rows.get().departure, declaration.visits_open) == (left, 0)
    entry = Entry.objects.filter(stream=declaration.stream).latest("pk")
    assert (entry.action, entry.clause) == ("record_departure", "5.4.4")
    [row] = content(entry)["rows"]
    assert (row["model"], row["fields"]["departure"][0]) == ("incidents.visit", None)


def test_a_departure_is_added_once() -> None:
    declaration = SCENE.do(actions.record_departure, visited(SCENE.in_progress()), LIU_DESK, departure=scenes.MONDAY)
    nothing = [("Nobody is on site: every visit has its departure.", "5.4.4")]
    assert reasons(refused(actions.record_departure, declaration, departure=scenes.MONDAY)) == nothing
    first = declaration.visit_rows.get()
    both = visited(declaration)
    found = errors(refused(actions.record_departure, both, departure=scenes.MONDAY, visit=first))
    assert found == {"visit": "Choose the visit that has ended."}


def test_a_visit_that_was_recorded_with_its_departure_waits_for_none() -> None:
    assert visited(SCENE.in_progress(), departure=scenes.MONDAY).visits_open == 0


def test_of_two_visits_one_is_chosen() -> None:
    declaration = visited(visited(SCENE.in_progress()), hours=1, who=["李工"])
    assert set(errors(refused(actions.record_departure, declaration, departure=scenes.MONDAY))) == {"visit"}
    second = declaration.visit_rows.last()
    declaration = SCENE.do(actions.record_departure, declaration, LIU_DESK, departure=scenes.MONDAY, visit=second)
    assert [visit.departure for visit in declaration.visit_rows.all()] == [None, scenes.MONDAY]
    assert declaration.visits_open == 1


def test_a_visit_of_another_record_is_not_ended_here() -> None:
    other = visited(SCENE.in_progress()).visit_rows.get()
    mine = visited(SCENE.in_progress())
    found = errors(refused(actions.record_departure, mine, departure=scenes.MONDAY, visit=other))
    assert set(found) == {"visit"}


@pytest.mark.parametrize("hours", [-2.1, 0.1])
def test_a_departure_lies_between_the_arrival_and_now(hours: float) -> None:
    left = scenes.MONDAY + timedelta(hours=hours)
    assert set(errors(refused(actions.record_departure, visited(SCENE.in_progress()), departure=left))) == {"departure"}


def test_the_handler_who_is_not_the_desk_adds_it_too() -> None:
    declaration = SCENE.do(actions.take_over, SCENE.in_progress("severe", "high"), CHEN_HEAD, answer="由我出面")
    declaration = SCENE.do(actions.record_departure, visited(declaration), CHEN_HEAD, departure=scenes.MONDAY)
    assert declaration.visits_open == 0


# Report and take-over


def report(declaration: Declaration, unable: bool = True) -> Declaration:
    return SCENE.do(actions.report_up, declaration, LIU_DESK, reason="需协调产线", desk_cannot_solve=unable)


def test_level_one_or_an_unable_desk_reports_to_the_head() -> None:
    found = errors(refused(actions.report_up, SCENE.in_progress(), reason="需协调", desk_cannot_solve=False))
    assert set(found) == {"desk_cannot_solve"}
    report(SCENE.in_progress("severe", "high"), unable=False)
    declaration = report(SCENE.in_progress())
    row = declaration.report_rows.get()
    assert (row.to, row.level_1, row.desk_cannot_solve) == (person(CHEN_HEAD), False, True)
    assert Notification.objects.filter(event="report.waiting", user=person(CHEN_HEAD)).count() == 2


@pytest.mark.parametrize("take_over", [False, True])
def test_one_answer_is_for_all_reports_that_wait(take_over: bool) -> None:
    declaration = report(report(SCENE.in_progress()))
    answer = actions.take_over if take_over else actions.answer_report
    declaration = SCENE.do(answer, declaration, CHEN_HEAD, answer="我来协调")
    rows = list(declaration.report_rows.values_list("answer", "answered_by", "taken_over"))
    assert rows == [("我来协调", person(CHEN_HEAD).pk, take_over)] * 2


def test_what_was_answered_is_not_answered_again_with_the_next() -> None:
    declaration = SCENE.do(actions.answer_report, report(SCENE.in_progress()), CHEN_HEAD, answer="请继续")
    declaration = SCENE.do(actions.answer_report, report(declaration), CHEN_HEAD, answer="明早我来")
    assert list(declaration.report_rows.values_list("answer", flat=True)) == ["请继续", "明早我来"]


def test_taking_over_after_the_answer_adds_to_it() -> None:
    declaration = SCENE.do(actions.answer_report, report(SCENE.in_progress()), CHEN_HEAD, answer="请继续")
    declaration = SCENE.do(actions.take_over, declaration, CHEN_HEAD, answer="我来")
    row = declaration.report_rows.get()
    assert (row.answer, row.taken_over) == ("请继续\n我来", True)


def urgent() -> Declaration:
    """A level 1 incident, handled, whose desk has said that it cannot solve it alone."""
    return report(SCENE.handled("severe", "high"))


UNANSWERED = "The head has not answered your report: wait for the answer, or say why it is solved without one."


def test_a_report_that_obliges_the_head_binds_until_he_answers_or_takes_over() -> None:
    for settle in (actions.answer_report, actions.take_over):
        declaration = urgent()
        found = errors(refused(actions.resolve, declaration, **SCENE.solution()))
        assert found == {"unanswered_report_reason": UNANSWERED}
        SCENE.do(settle, declaration, CHEN_HEAD, answer="我来协调")
        assert SCENE.do(actions.resolve, declaration, LIU_DESK, **SCENE.solution()).state == "resolved"


def test_solved_without_an_answer_the_reason_stands_beside_the_report() -> None:
    declaration = urgent()
    values = {**SCENE.solution(), "unanswered_report_reason": "电话未接通，客户催办"}
    SCENE.do(actions.resolve, declaration, LIU_DESK, **values)
    row = declaration.report_rows.get()
    assert (row.unanswered_reason, row.answered_at) == ("电话未接通，客户催办", None)


def test_a_quick_solve_is_bound_by_an_earlier_report_as_well() -> None:
    declaration = report(SCENE.looked_up("severe", "high"))
    regraded = actions.Grading("BIZ-01", "minor", "low")
    SCENE.do(actions.reclassify, declaration, LIU_DESK, grading=regraded, reason="核实后影响轻微")
    told = {"solution": "已补寄", "means": "phone", "told_to": contact(TANG_BANK_B)}
    assert set(errors(refused(actions.quick_solve, declaration, **told))) == {"unanswered_report_reason"}
    settled = {**told, "unanswered_report_reason": "已降级"}
    assert SCENE.do(actions.quick_solve, declaration, LIU_DESK, **settled).state == "resolved"


def test_what_only_informs_the_head_does_not_bind() -> None:
    for declaration in (report(SCENE.handled("severe", "high"), unable=False), report(SCENE.handled())):
        assert SCENE.do(actions.resolve, declaration, LIU_DESK, **SCENE.solution()).state == "resolved"


def test_without_the_fence_an_unanswered_report_is_overlooked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.actions.solving.refuse_unanswered", lambda *_given: None)
    resolved = SCENE.do(actions.resolve, urgent(), LIU_DESK, **SCENE.solution())
    assert resolved.report_rows.get(answered_at=None).unanswered_reason == ""


@pytest.mark.parametrize(
    ("settle", "event"), [("answer_report", "report.answered"), ("take_over", "report.taken_over")]
)
def test_the_answer_of_the_head_reaches_the_desk(settle: str, event: str) -> None:
    SCENE.do(getattr(actions, settle), urgent(), CHEN_HEAD, answer="由我联系产线")
    assert [each.user for each in Notification.objects.filter(event=event)] == [person(LIU_DESK)]


def test_a_report_says_why_and_needs_a_head() -> None:
    declaration = SCENE.in_progress()
    person(CHEN_HEAD).grants.filter(role="department_head").update(ends_on="2026-01-01")
    found = errors(refused(actions.report_up, declaration, reason=" ", desk_cannot_solve=True))
    assert set(found) == {"reason", "to"}


def test_the_head_answers_once_and_the_desk_goes_on() -> None:
    declaration = SCENE.in_progress()
    nothing = [("There is no report waiting for an answer.", "5.4.4")]
    assert reasons(refused(actions.answer_report, declaration, CHEN_HEAD, answer="请继续")) == nothing
    report(declaration)
    answered = SCENE.do(actions.answer_report, declaration, CHEN_HEAD, answer="请继续")
    assert (answered.report_rows.get().answer, answered.handler) == ("请继续", person(LIU_DESK))
    assert reasons(refused(actions.answer_report, declaration, CHEN_HEAD, answer="再答")) == nothing


def test_the_head_takes_over_and_the_desk_stays_accountable() -> None:
    declaration = SCENE.in_progress()
    needs = [("Taking over needs level 1 or a report of the desk.", "5.4.4")]
    assert reasons(refused(actions.take_over, declaration, CHEN_HEAD, answer="我来")) == needs
    taken = SCENE.do(actions.take_over, report(declaration), CHEN_HEAD, answer="我来")
    assert (taken.handler, taken.desk) == (person(CHEN_HEAD), person(LIU_DESK))
    assert taken.report_rows.get().taken_over
    assert SCENE.do(actions.communicate, taken, LIU_DESK, way="phone", text="经理已接手").communicated_at


def test_at_level_one_the_head_takes_over_without_being_asked() -> None:
    taken = SCENE.do(actions.take_over, SCENE.classified("severe", "high"), CHEN_HEAD, answer="我来")
    assert taken.handler == person(CHEN_HEAD)


def test_only_the_head_answers_and_takes_over() -> None:
    declaration = report(SCENE.in_progress())
    for action in (actions.answer_report, actions.take_over):
        assert str(refused(action, declaration, answer="我来")) == "This step is for: Head of department."


# The quick solve


def quick(declaration: Declaration, **changes: Any) -> dict[str, Any]:
    return {"solution": "电话指导补打", "means": "phone", "told_to": contact(TANG_BANK_B), **changes}


def test_a_minor_one_is_solved_at_once() -> None:
    declaration = SCENE.looked_up("minor", "high")
    solved = SCENE.do(actions.quick_solve, declaration, LIU_DESK, **quick(declaration))
    assert (solved.state, solved.quick_solved, solved.resolved_at) == ("resolved", True, scenes.MONDAY)
    assert solved.resolution_clock.met
    assert solved.communication_rows.filter(text="电话指导补打").exists()


def test_the_quick_solve_is_for_minor_ones_with_notes_look_up_and_response() -> None:
    call = NOTED.call()
    declaration = actions.accept(call, actor=staff(LIU_DESK))
    declaration = NOTED.do(actions.screen_as_incident, declaration, LIU_DESK, **NOTED.party())
    grading = actions.Grading("BIZ-01", "moderate", "low")
    declaration = NOTED.do(actions.classify, declaration, LIU_DESK, grading=grading)
    found = refused(actions.quick_solve, declaration, **quick(declaration))
    assert [sentence for sentence, _clause in reasons(found)] == [
        "The quick solve is for minor impact only.",
        NOTES[0],
        LOOK_UP[0],
        "Give the caller a first response and record it.",
    ]


def test_the_quick_solve_says_what_how_and_to_whom() -> None:
    declaration = SCENE.looked_up("minor", "low")
    values = quick(declaration, solution=" ", means="pigeon", told_to=None)
    assert set(errors(refused(actions.quick_solve, declaration, **values))) == {"solution", "means", "told_to"}
    foreign = quick(declaration, told_to=contact(SHEN_BANK_A))
    assert set(errors(refused(actions.quick_solve, declaration, **foreign))) == {"told_to"}


# Nobody else


@pytest.mark.parametrize("action", [actions.write_plan, actions.look_up, actions.log_handling])
def test_a_stranger_finds_no_record_to_work_on(action: Any) -> None:
    declaration = SCENE.in_progress()
    values = {
        actions.write_plan: {"text": "x"},
        actions.look_up: {"query": "x"},
        actions.log_handling: {"what": "x", "result": "y"},
    }[action]
    with pytest.raises(Declaration.DoesNotExist):
        action(declaration.pk, version=None, actor=NOBODY, **values)


def test_an_old_version_of_the_record_is_told_who_changed_it() -> None:
    declaration = SCENE.in_progress()
    seen = declaration.version
    with set_clock(scenes.MONDAY + timedelta(minutes=5)):
        SCENE.do(actions.log_handling, declaration, LIU_DESK, what="补寄", result="已寄出")
        with pytest.raises(Refused) as refusal:
            actions.write_plan(declaration.pk, version=seen, actor=staff(LIU_DESK), text="我的方案")
    assert (refusal.value.status, refusal.value.changed_by) == (412, "刘思远")  # type: ignore[attr-defined]
    assert set(refusal.value.changed) == {"handled_at"}  # type: ignore[attr-defined]
