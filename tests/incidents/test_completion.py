"""Clause 5.4.7: solved, confirmed, closed, filed; and back when the customer says no."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from base.clock import set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration
from ledger.exceptions import NotPermitted, Refused
from ledger.triggers import lifted
from record_form import actions as record_form
from search.queries import like
from tests import firm, scenes
from tests.firm import (
    BANK_A,
    BANK_C,
    CHEN_HEAD,
    GU_BANK_A,
    HAN_BANK_C,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    WANG_DESK,
    ZHENG_CUSTODIAN,
    caller,
    person,
    staff,
)
from tests.incidents.refusals import errors, fresh, reasons, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
WRITTEN = scenes.Scene(customer=BANK_C, desk=LIU_DESK, contact=HAN_BANK_C)
ASK = ("Ask the customer to confirm, or record enough unanswered attempts.", "5.4.7")
PDF = b"%PDF-1.7\n" + b"0" * 100


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+08:00")


def confirm(declaration: Declaration, contact: str = TANG_BANK_B, **values: Any) -> Declaration:
    return SCENE.do(
        actions.confirm, declaration, LIU_DESK, **{"contact": firm.contact(contact), "way": "phone", **values}
    )


def close(declaration: Declaration, **values: Any) -> Declaration:
    return SCENE.do(actions.close, declaration, LIU_DESK, **values)


# Solving


def test_a_solution_is_complete_and_told() -> None:
    empty = {"cause": " ", "solution": "", "solution_kind": "perhaps", "supporters": [], "told_to": None}
    found = errors(refused(actions.resolve, SCENE.handled(), told_way="", **empty))
    assert set(found) == {"cause", "solution", "solution_kind", "told_to", "told_way"}


def test_solved_stops_the_clock_and_tells_the_customer() -> None:
    solved = SCENE.resolved()
    assert (solved.state, solved.resolved_at, solved.resolved_by) == (
        "resolved",
        scenes.MONDAY,
        person(LIU_DESK),
    )
    assert solved.resolution_clock.stopped_at == scenes.MONDAY
    assert solved.communication_rows.filter(text="补寄并复核同批次").exists()
    assert solved.supporters == []


def test_nothing_is_solved_before_the_first_response() -> None:
    declaration = actions.accept(SCENE.call(), actor=staff(LIU_DESK))
    declaration = SCENE.do(actions.screen_as_incident, declaration, LIU_DESK, **SCENE.party())
    declaration = SCENE.do(actions.classify, declaration, LIU_DESK, grading=actions.Grading("BIZ-01", "minor", "low"))
    declaration = SCENE.do(actions.look_up, declaration, LIU_DESK, query="漏装", reason="无")
    declaration = SCENE.do(actions.start, declaration, LIU_DESK)
    declaration = SCENE.do(actions.log_handling, declaration, LIU_DESK, what="补寄", result="已寄")
    assert reasons(refused(actions.resolve, declaration, **SCENE.solution())) == [
        ("Give the caller a first response and record it.", "5.4.3")
    ]


# Confirming


def test_a_confirmation_names_a_person_of_the_customer_a_way_and_a_score_from_the_scale() -> None:
    declaration = SCENE.resolved()
    values = {"contact": None, "way": "", "satisfaction": 6}
    assert set(errors(refused(actions.confirm, declaration, **values))) == {"contact", "way", "satisfaction"}
    foreign = {"contact": firm.contact(SHEN_BANK_A), "way": "signed_scan"}
    assert set(errors(refused(actions.confirm, declaration, **foreign))) == {"contact", "scan"}


@pytest.mark.parametrize(("name", "content"), [("x.txt", b"hi"), ("x.eml", b"From: a@example.com\n\nhi")])
def test_a_signed_scan_is_a_picture_or_a_pdf(name: str, content: bytes) -> None:
    scan = actions.Upload(name, BytesIO(content))
    given = {"contact": firm.contact(TANG_BANK_B), "way": "signed_scan", "scan": scan}
    assert set(errors(refused(actions.confirm, SCENE.resolved(), **given))) == {"scan"}


def test_a_scan_of_the_confirmation_is_not_printed_as_what_the_customer_sent_in() -> None:
    scan = actions.Upload("signed.pdf", BytesIO(PDF))
    declaration = confirm(SCENE.resolved(), TANG_BANK_B, way="signed_scan", scan=scan)
    assert [row.came_with_the_call for row in declaration.attachment_rows.all()] == [False]


def test_the_contact_confirms_in_person() -> None:
    declaration = SCENE.resolved()
    actions.confirm(declaration.pk, version=None, actor=caller(TANG_BANK_B), contact=None, way="link", satisfaction=4)
    row = fresh(declaration).confirmation_rows.get()
    assert (row.contact, row.way, row.by, row.satisfaction) == (firm.contact(TANG_BANK_B), "link", None, 4)


def test_a_contact_of_another_customer_finds_nothing() -> None:
    declaration = SCENE.resolved()
    with pytest.raises(Declaration.DoesNotExist):
        actions.confirm(declaration.pk, version=None, actor=caller(SHEN_BANK_A), contact=None, way="link")


def test_closing_waits_for_the_customers_word() -> None:
    assert ASK in reasons(refused(actions.close, SCENE.resolved()))
    closed = close(SCENE.confirmed())
    assert (closed.state, closed.closed_at, closed.closed_by) == ("closed", scenes.MONDAY, person(LIU_DESK))


def test_the_word_of_one_without_the_right_needs_a_reason() -> None:
    scene = scenes.Scene(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)
    declaration = scene.resolved()
    word = {"contact": firm.contact(GU_BANK_A), "way": "phone"}
    found = refused(actions.confirm, declaration, WANG_DESK, unauthorised_confirmation_reason=" ", **word)
    assert set(errors(found)) == {"unauthorised_confirmation_reason"}
    reason = {"unauthorised_confirmation_reason": "主管出差，口头授权"}
    declaration = scene.do(actions.confirm, declaration, WANG_DESK, **word, **reason)
    closed = scene.do(actions.close, declaration, WANG_DESK)
    assert closed.unauthorised_confirmation_reason == "主管出差，口头授权"
    assert not closed.confirmation_rows.get().authorised


def test_a_word_taken_without_its_reason_before_does_not_close() -> None:
    declaration = SCENE.confirmed()
    with lifted():
        Declaration.objects.filter(pk=declaration.pk).update(confirmation_authorised=False)
    lacking = ("This person may not confirm: give the reason, or ask one who may.", "5.4.7")
    assert reasons(refused(actions.close, declaration)) == [lacking]


def test_a_contact_without_the_right_does_not_confirm_in_person() -> None:
    scene = scenes.Scene(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)
    declaration = scene.resolved()
    with pytest.raises(Refused) as found:
        actions.confirm(
            declaration.pk,
            version=None,
            actor=caller(GU_BANK_A),
            contact=None,
            way="link",
            unauthorised_confirmation_reason="我同意",
        )
    assert errors(found.value) == {"contact": "Only somebody whom your company has entitled may confirm this."}


def test_a_second_word_takes_nothing_from_the_first() -> None:
    scene = scenes.Scene(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)
    declaration = scene.confirmed()
    later = {"contact": firm.contact(GU_BANK_A), "way": "phone", "unauthorised_confirmation_reason": "经办人回访"}
    assert scene.do(actions.confirm, declaration, WANG_DESK, **later).confirmation_authorised


def test_a_contract_may_ask_for_a_signed_scan() -> None:
    declaration = WRITTEN.confirmed()
    written = ("This contract asks for a signed and stamped confirmation; upload its scan.", "5.4.7")
    assert reasons(refused(actions.close, declaration)) == [written]
    scan = actions.Upload("signed.pdf", BytesIO(PDF))
    declaration = confirm(declaration, HAN_BANK_C, way="signed_scan", scan=scan)
    assert declaration.confirmation_rows.last().attachment.name == "signed.pdf"
    declaration = confirm(declaration, HAN_BANK_C, way="phone")
    assert close(declaration).state == "closed"


# Without an answer


def try_to_reach(declaration: Declaration, *moments: str) -> Declaration:
    for moment in moments:
        with set_clock(at(moment)):
            declaration = SCENE.do(
                actions.communicate, declaration, LIU_DESK, way="phone", text="无人接听", reached=False
            )
    return declaration


def test_three_attempts_over_five_working_days_close_without_an_answer() -> None:
    declaration = try_to_reach(SCENE.resolved(), "11-23T14:00:00", "11-25T14:00:00")
    with set_clock(at("12-01T14:00:00")):
        assert reasons(refused(actions.close, declaration)) == [ASK]
    declaration = try_to_reach(declaration, "11-27T14:00:00")
    with set_clock(at("11-30T13:59:59")):
        found = refused(actions.close, declaration)
        assert str(found) == "The attempts must spread over 5 working days; try again later."
        assert found.clause == "5.4.7"
    with set_clock(at("11-30T14:00:00")):
        assert close(declaration).state == "closed"


def test_a_weekend_is_no_working_day_for_attempts() -> None:
    with set_clock(at("11-27T09:00:00")):
        resolved = SCENE.resolved()
    declaration = try_to_reach(resolved, "11-27T14:00:00", "11-28T14:00:00", "12-03T14:00:00")
    with set_clock(at("12-04T13:00:00")):
        assert "try again later" in str(refused(actions.close, declaration))
    with set_clock(at("12-04T14:00:00")):
        assert close(declaration).state == "closed"


CROWDED = "The attempts must spread over 5 working days; try again later."


def test_attempts_within_two_minutes_of_the_last_day_count_once() -> None:
    moments = ("11-23T14:00:00", "11-30T14:00:00", "11-30T14:01:00")
    declaration = try_to_reach(SCENE.resolved(), *moments)
    assert (declaration.unanswered_attempts, declaration.first_attempt_at) == (2, at("11-23T14:00:00"))
    with set_clock(at("12-01T09:00:00")):
        assert reasons(refused(actions.close, declaration)) == [ASK]


@pytest.mark.parametrize(
    ("last", "spread"), [("11-25T14:00:00", False), ("11-26T23:59:59", False), ("11-27T00:00:00", True)]
)
def test_attempts_lie_on_days_that_span_the_working_days(last: str, spread: bool) -> None:
    """From Monday on the fifth working day is Friday, however long one waits after the last attempt."""
    declaration = try_to_reach(SCENE.resolved(), "11-23T14:00:00", "11-24T14:00:00", last)
    with set_clock(at("12-31T14:00:00")):
        if spread:
            assert close(declaration).state == "closed"
        else:
            assert str(refused(actions.close, declaration)) == CROWDED


def test_an_attempt_that_is_written_down_later_may_be_the_first() -> None:
    declaration = try_to_reach(SCENE.resolved(), "11-26T14:00:00")
    with set_clock(at("11-27T14:00:00")):
        earlier = {"way": "phone", "text": "无人接听", "reached": False, "happened_at": at("11-23T11:00:00")}
        declaration = SCENE.do(actions.communicate, declaration, LIU_DESK, **earlier)
    assert (declaration.unanswered_attempts, declaration.first_attempt_at) == (2, at("11-23T11:00:00"))


def test_closing_without_an_answer_can_be_switched_off(parameter: Any) -> None:
    declaration = try_to_reach(SCENE.resolved(), "11-23T14:00:00", "11-25T14:00:00", "11-27T14:00:00")
    parameter(declaration, "closing_after_attempts_used", False)
    with set_clock(at("12-04T14:00:00")):
        assert reasons(refused(actions.close, declaration)) == [ASK]


def test_without_the_fence_three_attempts_of_one_day_would_close(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.actions.communication.attempt_days", lambda d: [None] * (d.unanswered_attempts + 1))
    monkeypatch.setattr("sla.working_time.WorkingCalendar.working_days", lambda *_days: 5)
    declaration = try_to_reach(SCENE.resolved(), "11-23T14:00:00", "11-23T14:01:00", "11-23T14:02:00")
    with set_clock(at("12-01T14:00:00")):
        assert close(declaration).state == "closed"


# Closing


def test_the_closing_checklist_names_all_that_is_missing() -> None:
    declaration = SCENE.handled("severe", "medium")
    with set_clock(at("11-26T10:00:00")):
        declaration = SCENE.do(actions.resolve, declaration, LIU_DESK, **SCENE.solution())
        found = reasons(refused(actions.close, declaration))
    assert found == [
        ASK,
        ("Severe or repeated: request the escalation to a problem first.", "5.4.5"),
        ("The time allowed was missed: state the cause first.", "5.4.6"),
    ]


def test_a_late_solution_is_explained_before_closing() -> None:
    declaration = SCENE.handled("minor", "low")
    with set_clock(at("11-23T16:00:00")):
        declaration = confirm(SCENE.do(actions.resolve, declaration, LIU_DESK, **SCENE.solution()))
        late = ("The time allowed was missed: state the cause first.", "5.4.6")
        assert reasons(refused(actions.close, declaration)) == [late]
        declaration = SCENE.do(actions.state_breach_reason, declaration, LIU_DESK, reason="缺件")
        assert close(declaration).breach_reason == "缺件"


@pytest.mark.parametrize("state", ["accepted", "screened", "classified", "in_progress", "waiting_customer", "closed"])
def test_only_what_is_solved_is_closed(state: str) -> None:
    assert "is possible only while: Resolved, to be confirmed." in str(refused(actions.close, SCENE.at(state)))


def test_an_undecided_escalation_of_ones_own_wish_holds_closing_too() -> None:
    declaration = SCENE.confirmed()
    escalation.request_escalation(declaration.pk, version=None, actor=staff(LIU_DESK), reason="疑似设备问题")
    found = refused(actions.close, declaration)
    assert [sentence for sentence, _clause in reasons(found)] == [
        "The escalation is undecided: wait for the head of department."
    ]


# The customer says no


def test_rejected_the_same_clock_goes_on_as_if_it_had_never_stopped() -> None:
    declaration = SCENE.handled("minor", "low")
    due = declaration.due_at
    with set_clock(at("11-23T15:00:00")):
        declaration = confirm(SCENE.do(actions.resolve, declaration, LIU_DESK, **SCENE.solution()))
    with set_clock(at("11-23T17:00:00")):
        declaration = SCENE.do(actions.reject, declaration, LIU_DESK, reason="仍漏一页", way="phone")
    assert (declaration.state, declaration.reopen_count, declaration.resolved_at) == ("in_progress", 1, None)
    assert (declaration.confirmed_at, declaration.due_at) == (None, due)
    clock = declaration.resolution_clock
    assert (clock.stopped_at, clock.due_at) == (None, due)
    row = declaration.reopening_rows.get()
    assert (row.kind, row.earlier_resolved_at) == ("rejected", at("11-23T15:00:00"))
    with set_clock(at("11-23T17:30:00")):
        declaration = SCENE.do(actions.resolve, declaration, LIU_DESK, **SCENE.solution())
    assert declaration.resolution_clock.met is False


def test_the_contact_rejects_in_person_and_says_why() -> None:
    declaration, client = SCENE.resolved(), caller(TANG_BANK_B)
    with pytest.raises(Exception, match="marked fields"):
        actions.reject(declaration.pk, version=None, actor=client, reason=" ", way="link")
    actions.reject(declaration.pk, version=None, actor=client, reason="没收到", way="link")
    assert fresh(declaration).reopening_rows.get().contact == firm.contact(TANG_BANK_B)


def test_only_desk_and_contact_reject() -> None:
    with pytest.raises(NotPermitted):
        actions.reject(SCENE.resolved().pk, version=None, actor=staff(CHEN_HEAD), reason="不行", way="phone")


# Reopening


@pytest.mark.parametrize(("days", "seconds", "possible"), [(30, 0, True), (30, 1, False)])
def test_closed_is_reopened_within_thirty_days(days: int, seconds: int, possible: bool) -> None:
    declaration = SCENE.closed()
    with set_clock(scenes.MONDAY + timedelta(days=days, seconds=seconds)):
        if possible:
            reopened = SCENE.do(actions.reopen, declaration, LIU_DESK, reason="又漏装")
            assert (reopened.state, reopened.reopen_count, reopened.closed_at) == ("in_progress", 1, None)
        else:
            over = ("The time for reopening is over; log a new declaration and link it.", "5.4.7")
            assert reasons(refused(actions.reopen, declaration, reason="又漏装")) == [over]


def test_a_version_may_do_without_reopening(parameter: Any) -> None:
    declaration = SCENE.closed()
    parameter(declaration, "reopening_used", False)
    assert "log a new declaration" in str(refused(actions.reopen, declaration, reason="又漏装"))


def test_filed_is_not_reopened() -> None:
    assert "has ended" in str(refused(actions.reopen, SCENE.filed(), reason="又漏装"))


def test_a_reopened_case_is_no_longer_offered_as_knowledge() -> None:
    declaration = SCENE.closed()
    assert [key for key, _score in like("case", "对账单漏装", limit=5)] == [declaration.pk]
    SCENE.do(actions.reopen, declaration, LIU_DESK, reason="又漏装")
    assert list(like("case", "对账单漏装", limit=5)) == []


def test_reopened_it_is_confirmed_and_closed_anew() -> None:
    declaration = SCENE.do(actions.reopen, SCENE.closed(), LIU_DESK, reason="又漏装")
    declaration = SCENE.do(actions.resolve, declaration, LIU_DESK, **SCENE.solution())
    assert ASK in reasons(refused(actions.close, declaration))
    assert close(confirm(declaration)).reopen_count == 1


# Filing and withdrawing


def test_only_the_custodian_files_and_says_where_the_paper_lies() -> None:
    declaration = SCENE.closed()
    assert str(refused(record_form.file, declaration, LIU_DESK, paper_place="柜")) == "This step is for: Custodian."
    assert set(errors(refused(record_form.file, declaration, ZHENG_CUSTODIAN, paper_place=" "))) == {"paper_place"}
    assert SCENE.do(record_form.file, declaration, ZHENG_CUSTODIAN, paper_place="一部档案柜").state == "filed"


@pytest.mark.parametrize(
    "state",
    [
        "accepted",
        "screened",
        "request_review",
        "request_in_progress",
        "handed_over",
        "handover_received",
        "classified",
        "in_progress",
        "waiting_customer",
        "resolved",
    ],
)
def test_the_customer_may_withdraw_what_is_open(state: str) -> None:
    declaration = SCENE.do(escalation.withdraw, SCENE.at(state), LIU_DESK, who="唐若宁", how="电话：不用处理了")
    assert (declaration.state, declaration.ended_at) == ("withdrawn", scenes.MONDAY)
    assert (declaration.withdrawn_by_name, declaration.withdrawn_how) == ("唐若宁", "电话：不用处理了")
    clocks = (declaration.response_clock, declaration.resolution_clock)
    assert all(clock is None or clock.has_ended for clock in clocks)
    assert not declaration.waiting_rows.filter(ended_at=None).exists()


def test_a_withdrawal_is_the_customers_logged_word() -> None:
    assert set(errors(refused(escalation.withdraw, SCENE.accepted(), who=" ", how=""))) == {"who", "how"}


def test_what_nobody_signed_for_or_what_is_closed_is_not_withdrawn() -> None:
    for declaration in (SCENE.relayed(), SCENE.closed()):
        assert "is possible only while" in str(refused(escalation.withdraw, declaration, who="唐若宁", how="电话"))
