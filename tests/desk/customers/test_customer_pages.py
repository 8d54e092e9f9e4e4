"""A customer through its pages: entered, changed, two people at once, and what its page shows to whom."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Customer
from incidents.models import Declaration
from ledger.models import Entry
from tests.desk.customers.conftest import customer
from tests.desk.customers.test_promises import promise_anew
from tests.firm import (
    ADMINISTRATOR,
    BANK_B,
    BROKER_E,
    CHEN_HEAD,
    FANG_BROKER_E,
    FENG_AUDITOR,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    SUN_DESK,
    client_of,
    person,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def form(**changes: object) -> dict[str, object]:
    values = {"code": "C77", "name": "新开银行", "industry": "银行", "in_service_scope": "on"}
    return {**values, "department": person(CHEN_HEAD).department.pk, "version": 1, **changes}


def enter(by: str, **changes: object):
    return client_of(by).post(reverse("customer-new"), form(**changes))


def change(by: str, found: Customer, **changes: object):
    values = {"name": found.name, "industry": found.industry, "in_service_scope": "on", "version": found.version}
    values["department"] = found.department_id
    return client_of(by).post(reverse("customer-change", args=[found.pk]), {**values, **changes})


def shown(by: str, code: str = BANK_B):
    return client_of(by).get(reverse("customer", args=[customer(code).pk]))


@pytest.mark.parametrize("by", [ADMINISTRATOR, CHEN_HEAD])
def test_a_customer_is_entered_with_an_entry(by):
    answer = enter(by, code=" Ｃ７７ ")
    made = customer("C77")
    assert answer.headers["Location"] == reverse("customer", args=[made.pk])
    assert Entry.objects.get(stream=made.stream).action == "create_customer"
    assert client_of(by).get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("code", ["C02", "c02", "Ｃ０２", " ｃ０２"])
def test_codes_that_are_read_alike_are_one_code(code):
    answer = enter(CHEN_HEAD, code=code)
    assert answer.status_code == 422
    assert customer().name in answer.content.decode()
    assert "新开银行" in answer.content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"code": ""}, {"name": ""}, {"department": ""}, {"department": "99999"}, {"name": "x" * 201}, {"code": "x" * 21}],
)
def test_what_cannot_be_comes_back_with_all_that_was_typed(changes):
    answer = enter(CHEN_HEAD, **changes)
    assert answer.status_code == 422
    assert "银行" in answer.content.decode()
    assert not Customer.objects.filter(code="C77").exists()


def test_a_name_that_another_customer_has_is_refused():
    assert enter(CHEN_HEAD, name=customer().name).status_code == 422


def test_a_head_enters_none_for_another_department():
    assert enter(CHEN_HEAD, department=person(LIN_HEAD).department.pk).status_code == 422


@pytest.mark.parametrize("by", [LIU_DESK, FENG_AUDITOR, HE_RISK])
def test_nobody_else_enters_a_customer(by):
    assert client_of(by).get(reverse("customer-new")).status_code == 403
    assert enter(by).status_code == 403
    assert not Customer.objects.filter(code="C77").exists()


def test_a_change_is_told_and_what_stands_there_already_changes_nothing():
    before, entries = customer(), Entry.objects.count()
    assert change(CHEN_HEAD, before).status_code == 302
    assert (customer().version, Entry.objects.count()) == (before.version, entries)
    assert change(CHEN_HEAD, before, industry="证券").status_code == 302
    assert (customer().industry, customer().version) == ("证券", before.version + 1)


def test_a_stale_change_shows_both_and_keeps_what_is_chosen():
    before = customer()
    change(ADMINISTRATOR, before, industry="别人写的", name="别人的名称")
    answer = change(CHEN_HEAD, before, industry="我写的")
    assert answer.status_code == 412
    assert "别人写的" in answer.content.decode()
    assert "我写的" in answer.content.decode()
    again = change(
        CHEN_HEAD,
        customer(),
        name=before.name,
        industry="我写的",
        **{"choose-name": "theirs", "choose-industry": "mine"},
    )
    assert again.status_code == 302
    assert (customer().name, customer().industry) == ("别人的名称", "我写的")


def test_a_change_without_a_version_is_refused():
    assert change(CHEN_HEAD, customer(), version="").status_code == 428


@pytest.mark.parametrize(("by", "status"), [(LIU_DESK, 403), (FENG_AUDITOR, 403), (LIN_HEAD, 404), (HE_RISK, 404)])
def test_nobody_else_changes_it(by, status):
    assert change(by, customer(), industry="x").status_code == status
    assert customer().industry != "x"


def test_the_page_shows_contacts_contracts_desk_and_records():
    declaration = Scene().in_progress()
    page = shown(LIU_DESK).content.decode()
    for said in (declaration.number, person(LIU_DESK).name, customer().contracts.get().number, "139 0000 2001"):
        assert said in page, said


@pytest.mark.parametrize("by", [CHEN_HEAD, LIU_DESK])
def test_open_and_latest_records_and_figures_are_those_of_this_customer(by):
    scene = Scene()
    solved, running = scene.closed(), scene.in_progress()
    Scene(customer=BROKER_E, desk=SUN_DESK, contact=FANG_BROKER_E).accepted()
    context = shown(by).context
    assert [line.number for line in context["open"]] == [running.number]
    assert {line.number for line in context["latest"]} == {solved.number, running.number}
    assert context["figures"].total.resolution.denominator == 1


def test_security_records_are_shown_to_those_alone_who_may_open_them():
    number = Scene().accepted(restricted=True).number
    assert number in shown(LIU_DESK).content.decode()
    for by in (ADMINISTRATOR, FENG_AUDITOR):
        assert number not in shown(by).content.decode()


def test_an_auditor_sees_what_has_ended_and_nothing_open():
    scene = Scene()
    closed, running = scene.closed(), scene.in_progress()
    page = shown(FENG_AUDITOR).content.decode()
    assert closed.number in page
    assert running.number not in page


def test_an_administrator_gets_no_records_and_no_figures():
    Scene().closed()
    context = shown(ADMINISTRATOR).context
    assert (context["open"], context["latest"], context["figures"]) == ([], [], None)


def test_the_page_costs_as_much_for_many_records_as_for_one(count_queries):
    client, address = client_of(LIU_DESK), reverse("customer", args=[customer().pk])
    scene = Scene()
    promise_anew(scene.in_progress())
    client.get(address)
    few = count_queries(lambda: client.get(address))
    for _time in range(4):
        promise_anew(scene.in_progress())
    scene.closed()
    assert count_queries(lambda: client.get(address)) == few
    frame = count_queries(lambda: client.get(reverse("customers")))
    assert few - frame <= 13
    assert Declaration.objects.filter(customer=customer()).count() == 6


def test_a_customer_that_is_not_there_and_one_of_others_answer_alike():
    for key in ("999999", "99999999999999999999"):
        assert client_of(LIU_DESK).get(f"/customers/{key}/").status_code == 404
    assert shown(LIU_DESK, BROKER_E).status_code == 404
