"""Clause 5.4.6: what the customer hears, and waiting for what the customer owes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from base.clock import set_clock
from incidents import actions
from incidents.models import Declaration
from tests import scenes
from tests.firm import (
    LIN_HEAD,
    LIU_DESK,
    LUO_BANK_B,
    SHEN_BANK_A,
    SUN_DESK,
    TELECOM_F,
    WANG_DESK,
    WEI_TELECOM_F,
    ZHAO_DESK,
    contact,
    person,
    staff,
)
from tests.incidents.refusals import errors, reasons, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
# Here the contract lets the clock stand while the desk waits for the customer.
PAUSING = scenes.Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, custodian=SUN_DESK, contact=WEI_TELECOM_F)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+08:00")


def say(declaration: Declaration, by: str = LIU_DESK, **values: Any) -> Declaration:
    return SCENE.do(actions.communicate, declaration, by, **{"way": "phone", "text": "进展通报", **values})


def test_each_contact_is_kept_with_person_way_and_time() -> None:
    declaration = SCENE.in_progress()
    with set_clock(at("23T11:00:00")):
        declaration = say(declaration, contact=contact(LUO_BANK_B), happened_at=scenes.MONDAY, way="email")
    row = declaration.communication_rows.get(text="进展通报")
    assert (row.at, row.recorded_at, row.way) == (scenes.MONDAY, at("23T11:00:00"), "email")
    assert (row.contact, row.by, row.is_first_response) == (contact(LUO_BANK_B), person(LIU_DESK), False)


def test_the_first_contact_by_a_person_is_the_first_response() -> None:
    declaration = actions.accept(SCENE.call(received_at=at("23T09:57:00")), actor=staff(LIU_DESK))
    declaration = say(declaration, happened_at=at("23T09:58:00"))
    assert (declaration.first_response_at, declaration.response_clock.met) == (at("23T09:58:00"), True)
    assert declaration.communication_rows.get().is_first_response


def test_nobody_reached_is_no_response() -> None:
    declaration = say(actions.accept(SCENE.call(), actor=staff(LIU_DESK)), reached=False)
    assert (declaration.first_response_at, declaration.communicated_at) == (None, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"happened_at": at("23T10:00:01")}, "happened_at"),
        ({"happened_at": at("23T09:59:59")}, "happened_at"),
        ({"contact": SHEN_BANK_A}, "contact"),
    ],
)
def test_a_contact_has_words_a_possible_time_and_the_right_person(changes: dict[str, Any], field: str) -> None:
    values: dict[str, Any] = {"way": "phone", "text": "进展", **changes}
    if "contact" in changes:
        values["contact"] = contact(changes["contact"])
    for declaration in (actions.accept(SCENE.call(), actor=staff(LIU_DESK)), SCENE.in_progress()):
        assert set(errors(refused(actions.communicate, declaration, **values))) == {field}


def test_the_handler_keeps_the_customer_informed_too() -> None:
    declaration = SCENE.do(actions.reassign, SCENE.in_progress(), LIU_DESK, to=person(WANG_DESK), reason="休假")
    assert say(declaration, by=WANG_DESK).communicated_at == scenes.MONDAY


# Waiting


def test_waiting_stops_the_clock_only_where_the_contract_says_so() -> None:
    standing, running = PAUSING.waiting(), SCENE.waiting()
    assert standing.waiting_rows.get().stops_clock
    assert standing.resolution_clock.paused_at == scenes.MONDAY
    assert not running.waiting_rows.get().stops_clock
    assert running.resolution_clock.paused_at is None


def test_the_due_time_moves_by_what_was_waited() -> None:
    declaration = PAUSING.waiting()
    before = declaration.due_at
    with set_clock(at("23T13:00:00")):
        declaration = PAUSING.do(actions.resume, declaration, ZHAO_DESK, received="批次号 0412", way="email")
    assert declaration.due_at - before == at("23T13:00:00") - scenes.MONDAY
    assert declaration.due_at == declaration.resolution_clock.due_at
    row = declaration.waiting_rows.get()
    assert (row.ended_at, row.received, row.way) == (at("23T13:00:00"), "批次号 0412", "email")


def test_without_a_pause_the_due_time_stays() -> None:
    declaration = SCENE.waiting()
    before = declaration.due_at
    with set_clock(at("23T13:00:00")):
        assert SCENE.do(actions.resume, declaration, LIU_DESK, received="批次号", way="email").due_at == before


def test_a_wait_says_for_what_from_whom_and_on_what_ground() -> None:
    declaration = SCENE.in_progress()
    found = refused(actions.wait, declaration, awaits=" ", basis="", contact=contact(SHEN_BANK_A))
    assert set(errors(found)) == {"awaits", "basis", "contact"}
    assert set(errors(refused(actions.resume, SCENE.waiting(), received=" ", way="phone"))) == {"received"}


def test_one_waits_once() -> None:
    found = refused(actions.wait, SCENE.waiting(), awaits="批次号", basis="电话")
    assert "is possible only while: In progress." in str(found)


def test_solving_ends_the_wait_and_the_pause() -> None:
    declaration = PAUSING.handled()
    declaration = PAUSING.do(actions.wait, declaration, ZHAO_DESK, awaits="批次号", basis="电话")
    with set_clock(at("23T13:00:00")):
        solved = PAUSING.do(actions.resolve, declaration, ZHAO_DESK, **PAUSING.solution())
    assert solved.waiting_rows.get().ended_at == at("23T13:00:00")
    assert solved.due_at - declaration.due_at == at("23T13:00:00") - scenes.MONDAY
    assert solved.due_at == solved.resolution_clock.due_at


# Attempts to reach somebody


def test_attempts_count_from_the_solution_on() -> None:
    before = say(SCENE.handled(), reached=False)
    assert (before.unanswered_attempts, before.first_attempt_at) == (0, None)
    with set_clock(at("23T11:00:00")):
        resolved = SCENE.do(actions.resolve, before, LIU_DESK, **SCENE.solution())
        early = say(resolved, reached=False, happened_at=at("23T10:30:00"))
        assert early.unanswered_attempts == 0
        tried = say(early, reached=False)
    assert (tried.unanswered_attempts, tried.first_attempt_at) == (1, at("23T11:00:00"))


def test_the_cause_of_a_miss_is_stated_once_it_is_one() -> None:
    declaration = SCENE.in_progress("minor", "low")
    nothing = [("The time allowed is not missed, so there is no cause to state.", "5.4.6")]
    assert reasons(refused(actions.state_breach_reason, declaration, reason="缺件")) == nothing
    with set_clock(at("23T15:30:00")):
        assert set(errors(refused(actions.state_breach_reason, declaration, reason=" "))) == {"reason"}
        assert SCENE.do(actions.state_breach_reason, declaration, LIU_DESK, reason="缺件").breach_reason == "缺件"
