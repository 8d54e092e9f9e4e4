"""The customer's word on the line: with the solution or the confirmation the record is closed, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from incidents.access import closes_with_agreement
from incidents.actions import Agreement
from incidents.models import Declaration, EscalationState, State
from ledger.exceptions import Refused
from ledger.models import Entry
from record_form.verbs import STEPS
from tests.firm import (
    BANK_A,
    BANK_C,
    CHEN_HEAD,
    GU_BANK_A,
    HAN_BANK_C,
    LIU_DESK,
    SHEN_BANK_A,
    WANG_DESK,
    contact,
    staff,
)
from tests.incidents.refusals import errors, fresh
from tests.incidents.test_first_contact import values
from tests.scenes import Scene


def refused(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as raised:
        act()
    return raised.value


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = Scene()


def solved(verb: str, declaration: Declaration, by: str = LIU_DESK, scene: Scene = SCENE, **more: Any) -> Declaration:
    return scene.do(STEPS[verb].action, declaration, by, **more)


def entries(declaration: Declaration) -> list[str]:
    return list(Entry.objects.filter(stream=declaration.stream).order_by("sequence").values_list("action", flat=True))


def test_a_minor_one_is_graded_solved_confirmed_and_closed_in_one_go() -> None:
    declaration = solved("solve_in_first_contact", SCENE.screened(), **values(agreement=Agreement(satisfaction=5)))
    assert (declaration.state, declaration.satisfaction) == (State.CLOSED, 5)
    assert entries(declaration)[-4:] == ["look_up", "quick_solve", "confirm", "close"]


def test_a_handled_one_is_resolved_confirmed_and_closed_in_one_go() -> None:
    declaration = solved("resolve", SCENE.handled(), agreement=Agreement(), **SCENE.solution())
    assert declaration.state == State.CLOSED
    assert declaration.confirmed_at is not None


def test_without_agreement_the_solution_waits_for_the_customer() -> None:
    assert solved("resolve", SCENE.handled(), agreement=None, **SCENE.solution()).state == State.RESOLVED


def test_who_may_not_confirm_needs_a_reason_and_then_nothing_was_recorded() -> None:
    bank = Scene(customer=BANK_A, desk=WANG_DESK, contact=GU_BANK_A)
    declaration = bank.handled()
    solution = {**bank.solution(), "told_to": contact(GU_BANK_A)}
    error = refused(lambda: solved("resolve", declaration, WANG_DESK, bank, agreement=Agreement(), **solution))
    assert "unauthorised_confirmation_reason" in errors(error)
    assert fresh(declaration).state == State.IN_PROGRESS
    agreed = Agreement(unauthorised_confirmation_reason="沈主管出差，电话授权")
    assert solved("resolve", declaration, WANG_DESK, bank, agreement=agreed, **solution).state == State.CLOSED


def test_what_closing_lacks_is_said_at_the_tick_and_nothing_was_recorded() -> None:
    bank = Scene(customer=BANK_C, desk=LIU_DESK, contact=HAN_BANK_C)
    declaration = bank.handled()
    Declaration.objects.filter(pk=declaration.pk).update(written_confirmation_due=True)
    error = refused(lambda: solved("resolve", declaration, agreement=Agreement(), scene=bank, **bank.solution()))
    assert "agreed" in errors(error)
    assert fresh(declaration).state == State.IN_PROGRESS


def test_the_confirmation_closes_only_where_that_is_asked_for() -> None:
    word = {"contact": contact("C02-P1"), "way": "phone"}
    assert solved("confirm", SCENE.resolved(), **word).state == State.RESOLVED
    assert solved("confirm", SCENE.resolved(), closes=True, **word).state == State.CLOSED


def test_a_confirmation_that_cannot_close_says_so_at_the_tick() -> None:
    declaration = SCENE.resolved()
    Declaration.objects.filter(pk=declaration.pk).update(escalation_state=EscalationState.REQUESTED)
    word = {"contact": contact("C02-P1"), "way": "phone"}
    error = refused(lambda: solved("confirm", declaration, closes=True, **word))
    assert list(errors(error)) == ["closes"]
    assert fresh(declaration).confirmed_at is None


@pytest.mark.parametrize(("by", "state", "closes"), [(LIU_DESK, "handled", True), (CHEN_HEAD, "handled", False)])
def test_it_is_offered_to_whom_may_close_and_where_nothing_else_is_missing(by: str, state: str, closes: bool) -> None:
    declaration = SCENE.at("in_progress") if state != "handled" else SCENE.handled()
    assert closes_with_agreement(staff(by), declaration) is closes
    Declaration.objects.filter(pk=declaration.pk).update(escalation_state=EscalationState.REQUESTED)
    assert not closes_with_agreement(staff(by), fresh(declaration))


def test_a_contact_with_a_right_is_taken_at_their_word() -> None:
    bank = Scene(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)
    declaration = solved("resolve", bank.handled(), WANG_DESK, bank, agreement=Agreement(), **bank.solution())
    assert declaration.confirmation_authorised is True
