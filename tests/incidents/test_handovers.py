"""Hand-overs (clause 5.4.2): sent, signed for, returned or completed, each by a named person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from base.clock import set_clock
from escalation import actions as escalation
from incidents import actions
from notifications.models import Notification
from tests import scenes
from tests.firm import CHEN_HEAD, HAULIER_H, HE_RISK, LIU_DESK, WAN_HAULIER_H, WU_DESK, XU_SALES, ZHOU_HEAD, person
from tests.incidents.refusals import errors, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
EXPIRED = scenes.Scene(customer=HAULIER_H, desk=WU_DESK, head=ZHOU_HEAD, contact=WAN_HAULIER_H)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+08:00")


def desk_hears() -> set[str]:
    """What the desk has been told."""
    return set(Notification.objects.filter(user=person(LIU_DESK)).values_list("event", flat=True))


@pytest.mark.parametrize(
    ("type", "receiver", "kind", "due"),
    [
        ("complaint", XU_SALES, "complaint", "24T10:00:00"),
        ("infosec", HE_RISK, "infosec", "23T10:30:00"),
        ("out_of_scope_customer", XU_SALES, "sales", "24T10:00:00"),
        ("out_of_scope_service", XU_SALES, "sales", "24T10:00:00"),
    ],
)
def test_each_kind_has_its_receiver_and_its_time_to_sign(type: str, receiver: str, kind: str, due: str) -> None:
    scene = EXPIRED if type == "out_of_scope_customer" else SCENE
    declaration = scene.handed_over(type, receiver)
    handover = declaration.handover_rows.get()
    assert (declaration.state, declaration.type) == ("handed_over", type)
    assert (handover.kind, handover.receiver, handover.at) == (kind, person(receiver), scenes.MONDAY)
    assert handover.clock.due_at == at(due)
    assert declaration.receiver == person(receiver)
    assert Notification.objects.get(event="handover.sent").user == person(receiver)


@pytest.mark.parametrize(
    ("type", "receiver", "content", "fields"),
    [
        ("incident", XU_SALES, "内容", {"type"}),
        ("complaint", HE_RISK, "内容", {"receiver"}),
        ("infosec", XU_SALES, " ", {"receiver", "content"}),
    ],
)
def test_kind_receiver_and_content_fit(type: str, receiver: str, content: str, fields: set[str]) -> None:
    found = refused(actions.hand_over, SCENE.accepted(), type=type, receiver=person(receiver), content=content)
    assert set(errors(found)) == fields


def test_received_and_completed_are_two_dated_receipts() -> None:
    declaration = SCENE.handed_over()
    with set_clock(at("23T11:00:00")):
        received = SCENE.do(actions.receive_handover, declaration, XU_SALES)
    assert received.state == "handover_received"
    with set_clock(at("25T11:00:00")):
        done = SCENE.do(actions.complete_handover, received, XU_SALES, reference="TS-9", result="已道歉")
    row = done.handover_rows.get()
    assert (row.received_at, row.received_by) == (at("23T11:00:00"), person(XU_SALES))
    assert (row.completed_at, row.reference, row.result) == (at("25T11:00:00"), "TS-9", "已道歉")
    assert (done.state, done.ended_at, row.clock.met) == ("handover_done", at("25T11:00:00"), True)
    assert desk_hears() == {"handover.received", "handover.completed"}


def test_for_sales_the_receipt_is_the_end() -> None:
    declaration = SCENE.do(actions.receive_handover, SCENE.handed_over("out_of_scope_service"), XU_SALES)
    assert (declaration.state, declaration.ended_at) == ("handover_done", scenes.MONDAY)
    assert declaration.handover_rows.get().completed_at == scenes.MONDAY
    assert desk_hears() == {"handover.completed"}


def test_completing_names_the_other_processes_reference_and_result() -> None:
    found = refused(actions.complete_handover, SCENE.handover_received(), XU_SALES, reference=" ", result="")
    assert set(errors(found)) == {"reference", "result"}


def test_only_the_named_receiver_signs() -> None:
    declaration = SCENE.handed_over()
    for by in (LIU_DESK, CHEN_HEAD):
        assert str(refused(actions.receive_handover, declaration, by)) == "This step is for: Receiver of the hand-over."


def test_a_signed_one_does_not_go_back() -> None:
    found = refused(actions.return_handover, SCENE.handover_received(), XU_SALES, reason="不对")
    assert "is possible only while: Handed over, not received." in str(found)


def test_returned_it_is_screened_again_and_may_go_to_somebody_else() -> None:
    declaration = SCENE.handed_over()
    assert set(errors(refused(actions.return_handover, declaration, XU_SALES, reason=" "))) == {"reason"}
    returned = SCENE.do(actions.return_handover, declaration, XU_SALES, reason="属于事件")
    assert (returned.state, returned.type, returned.receiver) == ("accepted", "", None)
    first = returned.handover_rows.get()
    assert (first.return_reason, first.clock.cancelled_at) == ("属于事件", scenes.MONDAY)
    assert Notification.objects.get(event="handover.returned").user == person(LIU_DESK)
    again = SCENE.do(actions.hand_over, returned, LIU_DESK, type="infosec", receiver=person(HE_RISK), content="外泄")
    assert (again.state, again.handover_rows.count()) == ("handed_over", 2)
    assert SCENE.do(actions.receive_handover, again, HE_RISK).handover_rows.last().received_at == scenes.MONDAY


def test_the_response_stays_with_the_desk() -> None:
    declaration = SCENE.handed_over()
    assert declaration.first_response_by == person(LIU_DESK)
    assert declaration.response_clock.met


def test_a_withdrawn_one_waits_for_no_receipt() -> None:
    declaration = SCENE.do(escalation.withdraw, SCENE.handed_over(), LIU_DESK, who="唐若宁", how="电话撤诉")
    assert declaration.handover_rows.get().clock.cancelled_at == scenes.MONDAY
    with set_clock(scenes.MONDAY + timedelta(hours=1)):
        assert "has ended" in str(refused(actions.receive_handover, declaration, XU_SALES))
