"""The page on which a record is completed: its checklist, line by line with the clause (R-5.4.7-1)."""

from __future__ import annotations

import pytest

from accounts.models import Contact
from desk.steps.closing import CHECKLIST, checklist
from incidents.models import Declaration, moves
from tests.firm import client_of
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def page_of(declaration: Declaration, verb: str, **posted: str) -> str:
    client = client_of(Scene.desk, headers={"Accept-Language": "en"})
    address = f"/records/{declaration.number}/do/{verb}/"
    return (client.post(address, posted) if posted else client.get(address)).content.decode()


def test_the_checklist_names_every_guard_of_closing_and_no_other() -> None:
    assert sorted(str(guard.sentence) for item in CHECKLIST for guard in item.guards) == sorted(
        str(guard.sentence) for guard in moves()["close"].guards
    )


def test_a_record_that_may_be_closed_misses_nothing(scene: Scene) -> None:
    lines = checklist(scene.confirmed())
    assert [(str(line.label), line.clause) for line in lines if not line.missing] == [
        ("The customer was kept informed", "5.4.6"),
        ("The customer's confirmation", "5.4.7"),
        ("Confirmed by one who may, or with the reason", "5.4.7"),
    ]
    assert [line for line in lines if line.missing] == []


def test_the_page_says_what_is_missing_and_where_the_contract_asks_for_a_stamp(scene: Scene) -> None:
    declaration = scene.resolved()
    shown = page_of(declaration, "close")
    assert "Closing checklist" in shown
    form = shown[shown.index('id="step"') : shown.index('id="step-aside"')]
    assert form.count("Ask the customer to confirm, or record enough unanswered attempts.") == 1
    assert "stamped" not in shown
    Declaration.objects.filter(pk=declaration.pk).update(written_confirmation_due=True)
    assert "This contract asks for a signed and stamped confirmation; upload its scan." in page_of(declaration, "close")


def test_the_reason_for_a_person_without_the_right_is_asked_only_where_there_is_one(scene: Scene) -> None:
    declaration = scene.resolved()
    Contact.objects.filter(customer=declaration.customer).update(may_confirm=True)
    assert "unauthorised_confirmation_reason" not in page_of(declaration, "confirm")
    Contact.objects.filter(code=scene.contact).update(may_confirm=False)
    assert "unauthorised_confirmation_reason" in page_of(declaration, "confirm")


def test_what_was_typed_for_a_step_that_is_over_stands_in_words(scene: Scene) -> None:
    declaration = scene.invalid()
    typed = {"version": str(declaration.version), "reason": "not_service_related", "caller_told": "on"}
    shown = page_of(declaration, "screen_as_invalid", **typed)
    assert "What you typed" in shown
    assert '<dd><div class="words">Not related to a service</div></dd>' in shown
    assert '<dd><div class="words">Yes</div></dd>' in shown
    assert '<dd><div class="words">True</div></dd>' not in shown
