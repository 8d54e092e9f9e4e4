"""Who holds what today, and who is calling."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actions import change_contact, change_customer, create_contact, create_customer, delegate, grant_role
from accounts.actors import SYSTEM
from accounts.models import Role
from accounts.queries import (
    contacts_of,
    custodian_of,
    desk_of,
    duty_desk,
    find_contacts,
    head_of,
    holders,
    staff_reached_by,
    todays_holders,
)

pytestmark = pytest.mark.django_db


def _lend(firm, at, role, lender):
    return delegate(
        actor=SYSTEM,
        role=role,
        from_user=firm[lender],
        to_user=firm["deputy"],
        starts_at=at,
        ends_at=at + timedelta(hours=4),
        reason="away",
    )


def test_the_one_who_decides_is_the_deputy_while_one_stands_in(firm, at_nine, clock):
    assert head_of(firm.department) == firm["head"]
    _lend(firm, at_nine, Role.DEPARTMENT_HEAD, "head")
    assert head_of(firm.department) == firm["deputy"]
    assert head_of(firm.other_department) is None
    clock.advance(hours=5)
    assert head_of(firm.department) == firm["head"]


def test_the_desk_stays_with_its_holder_while_a_deputy_works(firm, at_nine):
    _lend(firm, at_nine, Role.SERVICE_DESK, "desk")
    assert desk_of(firm.customer) == firm["desk"]
    assert holders(Role.SERVICE_DESK, customer=firm.customer) == [firm["deputy"], firm["desk"]]
    assert desk_of(None) is None


def test_duty_desk_and_custodian_are_those_of_the_department(firm, at_nine):
    for role in (Role.DUTY_DESK, Role.CUSTODIAN):
        grant_role(actor=SYSTEM, user=firm["clerk"], role=role, reason="named", department=firm.department)
    assert duty_desk(firm.department) == custodian_of(firm.department) == firm["clerk"]
    assert duty_desk(firm.other_department) is custodian_of(firm.other_department) is None


def test_holders_are_those_of_the_day(firm, at_nine):
    grant_role(actor=SYSTEM, user=firm["clerk"], role=Role.RISK_CONTROL, reason="joins", starts_on=date(2026, 12, 1))
    assert holders(Role.RISK_CONTROL) == []
    assert holders(Role.RISK_CONTROL, on=date(2026, 12, 1)) == [firm["clerk"]]


def test_the_table_names_each_holder_with_scope_and_deputy(firm, at_nine, count_queries):
    _lend(firm, at_nine, Role.DEPARTMENT_HEAD, "head")
    table = todays_holders()
    (head,) = table[Role.DEPARTMENT_HEAD]
    assert (head.user, head.department, head.deputy) == (firm["head"], firm.department, firm["deputy"])
    (desk,) = table[Role.SERVICE_DESK]
    assert (desk.user, desk.customer, desk.deputy) == (firm["desk"], firm.customer, None)
    assert count_queries(todays_holders) == 2


def test_a_question_about_holders_is_one_statement(firm, at_nine, count_queries):
    assert count_queries(lambda: head_of(firm.department)) == 1
    assert count_queries(lambda: desk_of(firm.customer)) == 1
    assert count_queries(lambda: holders(Role.RISK_CONTROL)) == 1


@pytest.mark.parametrize(
    "typed",
    "139|139 0000|１００１|0100000|000101|亦舟|银行A|示例银行a| 沈亦 |013900001001|86 10 00000101|9,13900001001|"
    "010-00000101转8|+86 (10) 0000-0101|沈\u200b亦舟|\ufeff沈亦舟|沈 亦舟|沈·亦舟|示例銀行|"
    "138 0000 0009 或 139 0000 1001".split("|"),
)
def test_a_contact_is_found_by_number_name_or_company(firm, at_nine, typed):
    assert find_contacts(typed) == [firm.contact]


@pytest.mark.parametrize("typed", ["买买提·吐尔逊", "买买提吐尔逊", "吐尔逊", "買買提・吐爾遜", "13700000001"])
def test_a_contact_is_found_whatever_name_and_number_were_entered_like(firm, at_nine, typed):
    entered = create_contact(
        actor=SYSTEM, customer=firm.customer, name="买买提・吐尔逊", mobile="137 0000 0001（找王秘书）"
    )
    assert (entered.name, entered.mobile) == ("买买提・吐尔逊", "137 0000 0001（找王秘书）")
    assert find_contacts(typed) == [entered]


def test_contacts_are_found_by_the_new_name_of_their_company(firm, at_nine):
    change_customer(firm.customer, actor=SYSTEM, version=1, name="演示银行甲")
    assert find_contacts("演示銀行") == [firm.contact]
    assert find_contacts("示例银行A") == []


@pytest.mark.parametrize("typed", "| |沈| 沈 |13|138|周|银行B|139x|%|_|\u200b|010-00000102转8".split("|"))
def test_nobody_is_found_by_what_does_not_fit(firm, at_nine, typed):
    assert find_contacts(typed) == []


def test_numbers_that_begin_so_stand_first_and_the_list_is_bounded(firm, at_nine):
    for number in ("010-13900100", "021-51390000"):
        create_contact(actor=SYSTEM, customer=firm.customer, code=f"A{number}", name="同名", phone=number)
    assert find_contacts("139")[0] == firm.contact
    assert len(find_contacts("139", limit=2)) == 2


def test_an_inactive_contact_is_not_found(firm, at_nine):
    change_contact(firm.contact, actor=SYSTEM, version=1, is_active=False)
    assert find_contacts("沈亦舟") == contacts_of(firm.customer) == []


def test_finding_contacts_costs_one_statement_however_many_there_are(firm, at_nine, count_queries):
    other = create_customer(actor=SYSTEM, code="C09", name="示例公司", department=firm.department)
    for number in range(12):
        create_contact(actor=SYSTEM, customer=other, name=f"沈亦{number}")
    found = []
    names = lambda: found.extend(one.customer.department.name for one in find_contacts("沈亦", limit=20))  # noqa: E731
    assert count_queries(names) == 1
    assert len(found) == 13


def test_who_may_confirm_stands_first_among_a_customers_contacts(firm, at_nine):
    change_contact(firm.contact, actor=SYSTEM, version=1, may_confirm=False)
    second = create_contact(actor=SYSTEM, customer=firm.customer, name="顾清和", may_confirm=True)
    assert contacts_of(firm.customer) == [second, firm.contact]


@pytest.mark.parametrize(
    ("means", "known"),
    [
        (("+86 138 0000 9901",), True),
        (("", "LIN@own.example"), True),
        (("13800009902",), False),
        (("", " "), False),
        ((), False),
    ],
)
def test_our_own_staff_are_told_by_number_or_mail(firm, means, known):
    person = firm["head"]
    person.mobile, person.email = "13800009901", "lin@own.example"
    person.save()
    assert staff_reached_by(*means) == (person if known else None)
    person.is_active = False
    person.save()
    assert staff_reached_by(*means) is None
