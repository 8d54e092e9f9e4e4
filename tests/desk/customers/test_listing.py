"""The list of customers: who finds which, by what, and at what cost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.actions import create_customer
from accounts.actors import SYSTEM
from accounts.models import Customer
from sla.models import Contract
from tests.desk.customers.conftest import customer
from tests.firm import (
    ADMINISTRATOR,
    BANK_A,
    BANK_B,
    BROKER_E,
    CHEN_HEAD,
    FENG_AUDITOR,
    GAO_MANAGEMENT,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    TANG_BANK_B,
    XU_SALES,
    ZHENG_CUSTODIAN,
    client_of,
    contact,
    person,
)

pytestmark = pytest.mark.django_db


def listed(number: str, **given: str) -> list[str]:
    return [row.customer.code for row in client_of(number).get(reverse("customers"), given).context["rows"]]


def test_everybody_finds_the_own_customers_and_no_others():
    everything = list(Customer.objects.order_by("code").values_list("code", flat=True))
    assert listed(ADMINISTRATOR) == listed(FENG_AUDITOR) == everything
    for head in (CHEN_HEAD, LIN_HEAD):
        own = Customer.objects.filter(department=person(head).department).order_by("code")
        assert listed(head) == list(own.values_list("code", flat=True))
    served = Customer.objects.filter(grants__user=person(LIU_DESK), grants__role="service_desk").order_by("code")
    assert listed(LIU_DESK) == list(served.values_list("code", flat=True)) != []


@pytest.mark.parametrize("text", ["C02", "ｃ０２", "示例银行B", "13900002001", "139 0000 2001"])
def test_a_customer_is_found_by_code_name_and_phone(text):
    assert BANK_B in listed(ADMINISTRATOR, q=text)


def test_a_customer_is_found_by_a_contact():
    assert listed(ADMINISTRATOR, q=contact(TANG_BANK_B).name) == [BANK_B]


@pytest.mark.parametrize("text", ["没有这家", "\0", "999999999999", "%", "'"])
def test_what_nobody_is_called_finds_nothing_or_everything_but_never_fails(text):
    assert client_of(ADMINISTRATOR).get(reverse("customers"), {"q": text}).status_code == 200


def test_the_list_is_narrowed_by_department_desk_and_missing_contract():
    code = customer().department.code
    own = Customer.objects.filter(department__code=code).order_by("code")
    assert listed(ADMINISTRATOR, department=code) == list(own.values_list("code", flat=True))
    assert listed(ADMINISTRATOR, desk=LIU_DESK) == listed(LIU_DESK)
    assert listed(ADMINISTRATOR, department="nowhere") == listed(ADMINISTRATOR, desk="S99") == []
    Contract.objects.filter(customer=customer()).update(ends_on="2026-06-30")
    assert BANK_B in listed(ADMINISTRATOR, contract="none")
    assert BANK_A not in listed(ADMINISTRATOR, contract="none")


def test_what_a_filter_hides_another_persons_list_does_not_show():
    assert listed(LIU_DESK, department=customer(BROKER_E).department.code) == []


def test_a_longer_list_costs_as_much_and_has_a_next_page(count_queries):
    client = client_of(ADMINISTRATOR)
    client.get(reverse("customers"))
    few = count_queries(lambda: client.get(reverse("customers")))
    for number in range(40):
        create_customer(actor=SYSTEM, code=f"D{number:02}", name=f"客户{number}", department=customer().department)
    assert count_queries(lambda: client.get(reverse("customers"))) == few
    first = client.get(reverse("customers"))
    assert len(first.context["rows"]) == 25
    second = client.get(first.context["next_url"])
    assert {row.customer.code for row in first.context["rows"]}.isdisjoint(
        {row.customer.code for row in second.context["rows"]}
    )


def test_the_navigation_leads_readers_there_and_nobody_else():
    link = f'href="{reverse("customers")}"'
    for number in (ADMINISTRATOR, CHEN_HEAD, LIU_DESK, FENG_AUDITOR):
        assert link in client_of(number).get(reverse("desk")).content.decode()
    for number in (ZHENG_CUSTODIAN, HE_RISK, XU_SALES, GAO_MANAGEMENT):
        assert link not in client_of(number).get(reverse("desk")).content.decode()
