"""Who may read a record, asked of the people, says what sight says of the records."""

from __future__ import annotations

import pytest

from accounts.models import Role, User
from incidents import actions
from incidents.access import declarations
from incidents.access.people import handlers, readers
from incidents.models import Declaration
from ledger.exceptions import Invalid
from ledger.triggers import lifted
from tests.firm import (
    CHEN_HEAD,
    FENG_AUDITOR,
    GAO_MANAGEMENT,
    HE_RISK,
    LIU_DESK,
    SUN_DESK,
    WANG_DESK,
    XU_SALES,
    person,
    staff,
    stand_in,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def seeing(record: Declaration) -> set[str]:
    everybody = User.objects.filter(is_active=True).values_list("employee_number", flat=True)
    return {number for number in everybody if declarations(staff(number)).filter(pk=record.pk).exists()}


def asked(record: Declaration) -> set[str]:
    return set(readers(Declaration.objects.get(pk=record.pk)).values_list("employee_number", flat=True))


@pytest.mark.walks
def test_readers_are_those_who_see_the_record_in_every_state(records: dict[str, Declaration]) -> None:
    assert {state: asked(record) for state, record in records.items()} == {
        state: seeing(record) for state, record in records.items()
    }


def test_readers_of_restricted_and_raised_records_and_in_somebodys_place(scene: Scene) -> None:
    stand_in(Role.SERVICE_DESK, LIU_DESK, SUN_DESK)
    stand_in(Role.DEPARTMENT_HEAD, CHEN_HEAD, XU_SALES)
    stand_in(Role.SECURITY_OFFICER, HE_RISK, GAO_MANAGEMENT)
    made = [scene.handed_over("infosec", HE_RISK), scene.decided(), scene.handed_over(), scene.relayed()]
    for record in made:
        assert asked(record) == seeing(record), record.state


def test_a_record_that_is_late_is_for_management_too(scene: Scene, clock: object) -> None:
    record = scene.in_progress()
    clock.advance(days=30)  # type: ignore[attr-defined]
    assert GAO_MANAGEMENT in asked(record)
    assert asked(record) == seeing(record)


def standing(record: Declaration, **columns: object) -> Declaration:
    """The record as it would be read with these columns, however it came to them."""
    with lifted():
        Declaration.objects.filter(pk=record.pk).update(**columns)
    return Declaration.objects.get(pk=record.pk)


def test_whom_a_restricted_record_of_no_customer_is_for(scene: Scene) -> None:
    record = standing(scene.unregistered(), restricted=True, customer=None, contact=None, contract=None)
    assert asked(record) == seeing(record)


def test_a_record_that_joined_a_problem_or_is_major_is_for_more_people(scene: Scene) -> None:
    raised, record = scene.decided(), scene.in_progress()
    joined = standing(record, linked_to=raised)
    assert asked(joined) == seeing(joined)
    major = standing(joined, is_major=True)
    assert GAO_MANAGEMENT in asked(major)
    assert asked(major) == seeing(major)


def test_a_restricted_record_goes_to_desks_and_heads_who_may_read_it(scene: Scene) -> None:
    record = standing(scene.in_progress(), restricted=True)
    offered = set(handlers(record).values_list("employee_number", flat=True))
    assert {LIU_DESK, CHEN_HEAD} <= offered <= asked(record)
    assert offered.isdisjoint({WANG_DESK, FENG_AUDITOR, HE_RISK})


def test_a_record_goes_to_its_department_or_to_desks_and_heads_and_to_no_auditor(scene: Scene) -> None:
    offered = set(handlers(scene.in_progress()).values_list("employee_number", flat=True))
    assert {WANG_DESK, LIU_DESK, CHEN_HEAD, SUN_DESK} <= offered
    assert offered.isdisjoint({FENG_AUDITOR, XU_SALES, GAO_MANAGEMENT})


def test_nobody_else_can_be_given_it_by_any_door(scene: Scene) -> None:
    record = scene.in_progress()
    with pytest.raises(Invalid) as refused:
        actions.reassign(record.pk, version=None, actor=staff(LIU_DESK), to=person(FENG_AUDITOR), reason="休假")
    assert "to" in refused.value.errors
