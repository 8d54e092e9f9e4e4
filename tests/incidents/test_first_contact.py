"""The quick solve in one go (R-5.4.4-5): every step by its own guards, each with its entry, all or nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from base.clock import set_clock
from incidents import actions
from incidents.forms.handling import FirstContactForm
from incidents.models import Declaration, KnowledgeLookup, State
from knowledge.queries import version_for_adoption
from ledger.exceptions import Stale
from ledger.models import Entry
from tests import firm, scenes
from tests.firm import CHEN_HEAD, HAN_BANK_C, LIU_DESK, TANG_BANK_B, person, staff
from tests.incidents.refusals import errors, fresh, reasons, refused
from tests.incidents.test_handling import NOTED, SCENE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
MINOR = actions.Grading("BIZ-01", "minor", "low")


def values(contact: str = TANG_BANK_B, **changes: Any) -> dict[str, Any]:
    return {
        "grading": MINOR,
        "consultation": actions.Consultation("漏装", reason="情形不同"),
        "notes_read": False,
        "solution": "电话指导补打",
        "means": "phone",
        "told_to": firm.contact(contact),
        **changes,
    }


def solved(declaration: Declaration, **changes: Any) -> Declaration:
    return SCENE.do(actions.solve_in_first_contact, declaration, LIU_DESK, **values(**changes))


def acts(declaration: Declaration) -> list[tuple[str, str]]:
    return list(Entry.objects.filter(stream=declaration.stream).order_by("sequence").values_list("action", "clause"))


def by_mail(scene: scenes.Scene = SCENE) -> Declaration:
    declaration = actions.accept(scene.call(channel="email"), actor=staff(LIU_DESK))
    return scene.do(actions.screen_as_incident, declaration, LIU_DESK, **scene.party())


def test_a_screened_one_is_solved_with_an_entry_and_a_clause_for_each_step() -> None:
    declaration = solved(SCENE.screened())
    assert declaration.state == State.RESOLVED
    assert acts(declaration)[-3:] == [("classify", "5.4.3"), ("look_up", "5.4.4"), ("quick_solve", "5.4.4")]
    assert declaration.communication_rows.filter(text="电话指导补打").count() == 1


def test_all_figures_are_there_in_that_transaction() -> None:
    """Clock case 20."""
    declaration = by_mail()
    with set_clock(scenes.MONDAY + timedelta(minutes=12)):
        declaration = solved(declaration)
    at = scenes.MONDAY + timedelta(minutes=12)
    response, resolution = declaration.response_clock, declaration.resolution_clock
    assert (declaration.first_response_at, declaration.resolved_at) == (at, at)
    assert (response.stopped_at, response.met, resolution.stopped_at, resolution.met) == (at, True, at, True)
    assert (declaration.priority, declaration.repeat_ordinal, declaration.quick_solved) == (4, 1, True)
    assert declaration.due_at == resolution.due_at > at


def test_telling_the_solution_is_the_first_response_where_none_was_given() -> None:
    declaration = solved(by_mail(), means="email")
    [told] = declaration.communication_rows.all()
    assert (told.is_first_response, told.text, declaration.first_response_way) == (True, "电话指导补打", "email")
    assert ("respond", "5.4.3") in acts(declaration)


def test_the_notes_of_the_contract_are_confirmed_in_their_own_step() -> None:
    declaration = solved(NOTED.screened(), contact=HAN_BANK_C, notes_read=True)
    assert ("confirm_contract_notes", "5.4.4") in acts(declaration)
    assert declaration.contract_notes_confirmed_by == person(LIU_DESK)


def test_without_the_notes_nothing_is_done() -> None:
    declaration = NOTED.screened()
    before = acts(declaration)
    found = refused(actions.solve_in_first_contact, declaration, **values(HAN_BANK_C))
    assert reasons(found) == [("Read and confirm the handling notes of the contract first.", "5.4.4")]
    assert (fresh(declaration).state, acts(declaration)) == (State.SCREENED, before)


def test_more_than_minor_impact_is_refused_and_leaves_it_screened() -> None:
    declaration = SCENE.screened()
    grading = actions.Grading("BIZ-01", "moderate", "low")
    found = refused(actions.solve_in_first_contact, declaration, **values(grading=grading))
    assert reasons(found)[0] == ("The quick solve is for minor impact only.", "5.4.4")
    assert fresh(declaration).priority is None


def test_an_article_is_adopted_by_its_version() -> None:
    article = version_for_adoption(staff(LIU_DESK), "KB-002")
    consultation = actions.Consultation("漏装", article=article)
    declaration = solved(SCENE.screened(), consultation=consultation)
    row = KnowledgeLookup.objects.get(declaration=declaration)
    assert (row.article_version, declaration.article_code) == (article, "KB-002")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grading": actions.Grading("", "minor", "low")}, "leaf"),
        ({"grading": actions.Grading("BIZ-01", "minor", "high")}, "grading_basis"),
        ({"consultation": actions.Consultation("漏装")}, "reason"),
        ({"solution": " "}, "solution"),
        ({"told_to": None}, "told_to"),
    ],
)
def test_what_is_missing_is_named_and_nothing_stays(changes: dict[str, Any], field: str) -> None:
    declaration = SCENE.screened()
    before = acts(declaration)
    found = errors(refused(actions.solve_in_first_contact, declaration, **values(**changes)))
    assert list(found) == [field]
    assert (fresh(declaration).state, acts(declaration)) == (State.SCREENED, before)


def test_who_saw_an_older_record_is_told() -> None:
    declaration = SCENE.screened()
    SCENE.do(actions.communicate, declaration, LIU_DESK, way="phone", text="进展")
    with pytest.raises(Stale):
        actions.solve_in_first_contact(declaration.pk, version=declaration.version, actor=staff(LIU_DESK), **values())


def test_only_its_desk_may() -> None:
    assert refused(actions.solve_in_first_contact, SCENE.screened(), by=CHEN_HEAD, **values()).status == 403


@pytest.mark.parametrize("made", [SCENE.accepted, SCENE.in_progress])
def test_it_begins_at_a_screened_record(made: Any) -> None:
    assert refused(actions.solve_in_first_contact, made(), **values()).status == 409


def test_a_refusal_is_written_once_to_the_security_stream() -> None:
    refused(actions.solve_in_first_contact, NOTED.screened(), **values(HAN_BANK_C))
    [entry] = Entry.objects.filter(stream__startswith="security:")
    assert (entry.action, entry.clause) == ("quick_solve", "5.4.4")


def test_where_no_level_is_chosen_only_the_choice_is_asked_for() -> None:
    form = FirstContactForm({}, declaration=SCENE.screened(), actor=staff(LIU_DESK))
    assert len(form.errors["impact"]) == 1
