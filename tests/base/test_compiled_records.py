"""Rows found by a query whose text is kept are those that the ORM would find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import BigIntegerField, CharField

from accounts.models import Contact, Delegation, Role, User
from base.compiled import CompiledRecords, CompiledValues, Parameter
from tests.firm import CHEN_HEAD, LIU_DESK, TANG_BANK_B, person, stand_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("firm")]
PEOPLE = CompiledRecords(
    lambda: User.objects.filter(employee_number=Parameter("number", CharField())).select_related("department")
)
CONTACTS = CompiledRecords(
    lambda: Contact.objects.filter(code=Parameter("code", CharField())).select_related("customer__department")
)


def columns(record: User | Contact) -> dict[str, object]:
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


@pytest.mark.parametrize("number", [LIU_DESK, CHEN_HEAD])
def test_a_row_has_the_values_of_the_orm_and_what_belongs_to_it(
    number: str, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    found = []
    assert count_queries(lambda: found.extend(PEOPLE.found(number=number))) == 1
    [row], usual = found, person(number)
    assert (columns(row), row._state.adding, row._state.db) == (columns(usual), False, "default")
    assert count_queries(lambda: row.department) == 0
    assert row.department == usual.department


def test_what_belongs_to_a_row_is_read_through_several_tables() -> None:
    [row] = CONTACTS.found(code=TANG_BANK_B)
    usual = Contact.objects.get(code=TANG_BANK_B)
    assert (columns(row), row.customer.department) == (columns(usual), usual.customer.department)


def test_an_empty_link_leads_nowhere(count_queries: Callable[[Callable[[], object]], int]) -> None:
    stand_in(Role.SERVICE_DESK, LIU_DESK, CHEN_HEAD)
    [row] = CompiledRecords(lambda: Delegation.objects.select_related("department", "to_user")).found()
    assert row.to_user == person(CHEN_HEAD)
    assert count_queries(lambda: row.department) == 0
    assert row.department is None


def test_each_call_gives_objects_of_its_own() -> None:
    first, second = PEOPLE.first(number=LIU_DESK), PEOPLE.first(number=LIU_DESK)
    assert first == second
    assert first is not second


def test_nobody_is_found_where_nobody_is() -> None:
    assert PEOPLE.found(number="nobody") == []
    assert PEOPLE.first(number="nobody") is None


def test_where_nothing_can_fit_nothing_is_asked(count_queries: Callable[[Callable[[], object]], int]) -> None:
    nobody = User.objects.filter(pk__in=[], department=Parameter("department", BigIntegerField()))
    assert count_queries(lambda: CompiledRecords(lambda: nobody).found(department=1)) == 0
    assert count_queries(lambda: list(CompiledValues(lambda: nobody.values_list("pk")).rows(department=1))) == 0
