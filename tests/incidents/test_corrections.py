"""Corrections before closing: the type, the level, the handler; each with its reason and what stood there before."""

from __future__ import annotations

from datetime import datetime

import pytest

from accounts.actors import Actor
from base.clock import set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration
from ledger.exceptions import Refused
from tests import scenes
from tests.firm import (
    CHEN_HEAD,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    SUN_DESK,
    TELECOM_F,
    WANG_DESK,
    WEI_TELECOM_F,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    person,
    staff,
)
from tests.incidents.refusals import errors, fresh, reasons, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+08:00")


def grading(impact: str, urgency: str, basis: str = "影响范围已核实", leaf: str = "BIZ-01") -> actions.Grading:
    return actions.Grading(leaf, impact, urgency, basis=basis)


def regraded(declaration: Declaration, impact: str, urgency: str, by: str = LIU_DESK) -> Declaration:
    return SCENE.do(actions.reclassify, declaration, by, grading=grading(impact, urgency), reason="重新核实")


# The type

CORRECTABLE = (
    "accepted",
    "screened",
    "request_review",
    "request_in_progress",
    "classified",
    "in_progress",
    "waiting_customer",
    "resolved",
)


@pytest.mark.parametrize("state", CORRECTABLE)
def test_the_type_is_corrected_before_closing_and_clocks_keep_their_start(state: str) -> None:
    declaration = SCENE.at(state)
    started, was = declaration.response_clock.started_at, declaration.type
    corrected = SCENE.do(escalation.change_type, declaration, LIU_DESK, to="complaint", reason="客户实为投诉")
    assert (corrected.state, corrected.intended_type, corrected.type) == ("accepted", "complaint", "")
    assert (corrected.due_at, corrected.resolved_at) == (None, None)
    assert corrected.response_clock.started_at == started
    change = corrected.typechange_rows.get()
    assert (change.from_type, change.to_type, change.reason) == (was, "complaint", "客户实为投诉")
    assert not corrected.waiting_rows.filter(ended_at=None).exists()


def test_classified_again_the_clock_starts_at_receipt() -> None:
    declaration = SCENE.do(escalation.change_type, SCENE.in_progress(), LIU_DESK, to="complaint", reason="误判")
    declaration = SCENE.do(actions.screen_as_incident, declaration, LIU_DESK, **SCENE.party())
    declaration = SCENE.do(actions.classify, declaration, LIU_DESK, grading=grading("minor", "low"))
    assert declaration.resolution_clock.started_at == declaration.received_at
    assert declaration.due_at == declaration.resolution_clock.due_at


@pytest.mark.parametrize("left", ["in_progress", "waiting_customer", "resolved"])
def test_classified_again_the_same_clock_goes_on_and_a_breach_stays(left: str) -> None:
    """A clock of its own for each classification would forget that the first one was overdue (A-29, R-5.4.2-8)."""
    declaration = SCENE.in_progress("minor", "low")
    clock, missed = declaration.resolution_clock, declaration.due_at
    with set_clock(at("24T10:00")):
        if left == "waiting_customer":
            declaration = SCENE.do(actions.wait, declaration, LIU_DESK, awaits="批次号", basis="电话")
        if left == "resolved":
            SCENE.do(actions.log_handling, declaration, LIU_DESK, what="补寄", result="已寄出")
            declaration = SCENE.do(actions.resolve, declaration, LIU_DESK, **SCENE.solution())
        declaration = SCENE.do(escalation.change_type, declaration, LIU_DESK, to="complaint", reason="误判")
    with set_clock(at("24T11:00")):
        declaration = SCENE.do(actions.screen_as_incident, declaration, LIU_DESK, **SCENE.party())
        declaration = SCENE.do(actions.classify, declaration, LIU_DESK, grading=grading("moderate", "medium"))
    again = declaration.resolution_clock
    assert (again.pk, again.started_at, again.breached_at) == (clock.pk, declaration.received_at, missed)
    assert (again.stopped_at, again.cancelled_at, declaration.due_at) == (None, None, again.due_at)
    assert declaration.due_at > at("24T11:00")


def test_a_correction_names_another_type_and_its_reason() -> None:
    found = errors(refused(escalation.change_type, SCENE.screened(), to="incident", reason=" "))
    assert set(found) == {"to", "reason"}


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ("required", "Severe or repeated: request the escalation to a problem first."),
        ("requested", "The escalation is undecided: wait for the head of department."),
        ("objected", "The escalation is undecided: wait for the head of department."),
    ],
)
def test_neither_corrected_nor_withdrawn_while_a_required_escalation_is_undecided(made: str, sentence: str) -> None:
    makers = {
        "required": lambda: SCENE.in_progress("severe", "medium"),
        "requested": SCENE.requested,
        "objected": lambda: SCENE.do(
            escalation.countersign, SCENE.decided(), HE_RISK, agrees=False, opinion="依据不足"
        ),
    }
    declaration = makers[made]()
    for action, values in (
        (escalation.change_type, {"to": "complaint", "reason": "误判"}),
        (escalation.withdraw, {"who": "唐若宁", "how": "电话"}),
    ):
        assert reasons(refused(action, declaration, **values)) == [(sentence, "5.4.5")]


def test_a_settled_escalation_stays_settled_through_a_correction() -> None:
    declaration = SCENE.do(escalation.change_type, SCENE.countersigned(), LIU_DESK, to="complaint", reason="误判")
    declaration = SCENE.do(actions.screen_as_incident, declaration, LIU_DESK, **SCENE.party())
    declaration = SCENE.do(actions.classify, declaration, LIU_DESK, grading=grading("severe", "medium"))
    assert declaration.escalation_state == "settled"


def test_a_correction_is_for_the_desk() -> None:
    actor: Actor = staff(CHEN_HEAD)
    with pytest.raises(Refused) as refusal:
        escalation.change_type(SCENE.screened().pk, version=None, actor=actor, to="complaint", reason="误判")
    assert (refusal.value.status, str(refusal.value)) == (403, "This step is for: Service desk.")


# The level


def test_graded_again_the_time_counts_from_receipt_and_the_earlier_grading_is_kept() -> None:
    declaration = SCENE.in_progress("moderate", "medium")
    was = declaration.due_at
    with set_clock(at("23T15:00:00")):
        declaration = regraded(declaration, "moderate", "high")
    assert (declaration.priority, declaration.due_at) == (2, at("26T10:00:00"))
    assert declaration.due_at == declaration.resolution_clock.due_at
    earlier = declaration.reclassification_rows.get()
    assert (earlier.priority, earlier.impact, earlier.urgency, earlier.due_at) == (3, "moderate", "medium", was)


def test_a_miss_that_has_happened_stays_when_it_is_graded_down() -> None:
    declaration = SCENE.in_progress("minor", "low")
    with set_clock(at("23T16:00:00")):
        escalation.sweep()
        declaration = regraded(declaration, "moderate", "medium")
    assert declaration.resolution_clock.breached_at == at("23T15:30:00")
    assert declaration.due_at > at("24T00:00:00")


@pytest.mark.parametrize("state", ["classified", "in_progress", "waiting_customer"])
@pytest.mark.parametrize("by", [LIU_DESK, CHEN_HEAD])
def test_desk_and_head_grade_again_until_it_is_resolved(state: str, by: str) -> None:
    assert regraded(SCENE.at(state), "minor", "low", by).priority == 4


@pytest.mark.parametrize("state", ["screened", "resolved", "closed"])
def test_what_is_not_graded_or_solved_is_not_graded_again(state: str) -> None:
    found = refused(actions.reclassify, SCENE.at(state), grading=grading("minor", "low"), reason="重新核实")
    assert "is possible only while" in str(found)


def test_grading_again_needs_its_reason() -> None:
    found = refused(actions.reclassify, SCENE.classified(), grading=grading("minor", "low"), reason=" ")
    assert errors(found) == {"reason": "Say why it is graded again."}


def test_graded_up_to_severe_a_request_is_due_and_graded_down_it_no_longer_is() -> None:
    declaration = regraded(SCENE.in_progress(), "severe", "low")
    assert (declaration.escalation_state, declaration.escalation_triggers) == ("required", ["severe_impact"])
    declaration = regraded(declaration, "minor", "low")
    assert (declaration.escalation_state, declaration.escalation_triggers) == ("", [])


def test_graded_down_what_was_asked_is_still_decided() -> None:
    declaration = regraded(SCENE.requested(), "minor", "low")
    assert declaration.escalation_state == "requested"


def test_graded_again_while_the_clock_stands_still() -> None:
    scene = scenes.Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, custodian=SUN_DESK, contact=WEI_TELECOM_F)
    declaration = scene.waiting()
    with set_clock(at("23T12:00:00")):
        declaration = scene.do(
            actions.reclassify, declaration, ZHAO_DESK, grading=grading("moderate", "high"), reason="重新核实"
        )
        declaration = scene.do(actions.resume, declaration, ZHAO_DESK, received="批次号", way="phone")
    assert (declaration.priority, declaration.due_at) == (2, at("24T12:00:00"))


# The handler


def test_another_person_handles_it_from_now_on() -> None:
    declaration = SCENE.do(actions.reassign, SCENE.classified(), CHEN_HEAD, to=person(WANG_DESK), reason="休假")
    assert declaration.handler == person(WANG_DESK)
    change = declaration.handlerchange_rows.get()
    assert (change.from_user, change.to_user, change.reason) == (person(LIU_DESK), person(WANG_DESK), "休假")


def test_who_handles_it_already_or_has_left_is_no_choice() -> None:
    declaration = SCENE.classified()
    gone = person(ZHENG_CUSTODIAN)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    for to, sentence in ((person(LIU_DESK), "handles it already"), (gone, "who works here")):
        assert sentence in errors(refused(actions.reassign, declaration, to=to, reason="换人"))["to"]


def test_handed_on_before_it_is_classified_it_stays_with_that_person() -> None:
    declaration = SCENE.do(actions.reassign, SCENE.screened(), LIU_DESK, to=person(WANG_DESK), reason="休假")
    declaration = SCENE.do(actions.classify, declaration, LIU_DESK, grading=grading("minor", "low"))
    assert declaration.handler == person(WANG_DESK)


# After the end


@pytest.mark.parametrize(
    "state", ["invalid", "request_declined", "request_done", "handover_done", "withdrawn", "filed"]
)
def test_nothing_changes_in_an_end_state(state: str) -> None:
    declaration = SCENE.at(state)
    for action, values in (
        (escalation.change_type, {"to": "complaint", "reason": "误判"}),
        (actions.reopen, {"reason": "再来"}),
        (escalation.withdraw, {"who": "唐若宁", "how": "电话"}),
        (actions.communicate, {"way": "phone", "text": "进展"}),
    ):
        found = refused(action, declaration, **values)
        assert (found.status, "has ended" in str(found)) == (409, True)
    assert fresh(declaration).version == declaration.version


def test_an_annex_stands_beside_a_closed_or_filed_record() -> None:
    for declaration in (SCENE.closed(), SCENE.filed()):
        actions.add_annex(declaration.pk, actor=staff(LIU_DESK), text="客户补寄回执")
        after = fresh(declaration)
        assert after.annex_rows.get().text == "客户补寄回执"
        assert (after.version, after.state) == (declaration.version, declaration.state)
        with pytest.raises(Refused) as refusal:
            actions.add_annex(declaration.pk, actor=staff(LIU_DESK), text=" ")
        assert set(errors(refusal.value)) == {"text"}


def test_the_custodian_sends_back_what_is_not_complete() -> None:
    declaration = SCENE.closed()
    assert set(errors(refused(actions.return_for_completion, declaration, ZHENG_CUSTODIAN, missing=" "))) == {"missing"}
    returned = SCENE.do(actions.return_for_completion, declaration, ZHENG_CUSTODIAN, missing="缺客户签字扫描")
    assert (returned.state, returned.completion_asked_at) == ("closed", scenes.MONDAY)
    assert (returned.annex_rows.get().kind, returned.annex_rows.get().text) == ("missing", "缺客户签字扫描")
