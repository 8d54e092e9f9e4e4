"""Contracts through their pages: terms, overlaps, gaps, two people at once, and who may do what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.models import Customer
from base.paging import Order
from ledger.models import Entry
from sla.actions import Terms, create_contract
from sla.forms.contracts import DateTyped
from sla.models import Clock, Contract
from sla.queries import ending, gaps, response_target
from sla.targets import Target
from tests.firm import (
    ADMINISTRATOR,
    BANK_A,
    BANK_B,
    BANK_C,
    CHEN_HEAD,
    FENG_AUDITOR,
    HE_RISK,
    INSURER_D,
    LIN_HEAD,
    LIU_DESK,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    client_of,
    person,
)
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ADMINISTRATOR, HEAD, DESK, OTHER_HEAD, AUDITOR = ADMINISTRATOR, CHEN_HEAD, LIU_DESK, LIN_HEAD, FENG_AUDITOR
NEXT = Terms(number="HT-2027", name="续签", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))


def contract_of(code: str = BANK_B) -> Contract:
    return Contract.objects.select_related("customer").get(customer__code=code)


def form_of(contract: Contract, **changes: object) -> dict[str, object]:
    """The form as a browser would send it back unchanged, with `changes`."""
    page = client_of(ADMINISTRATOR).get(reverse("contract-terms", args=[contract.pk]))
    posted: dict[str, object] = {"version": contract.version}
    for bound in page.context["form"]:
        value = bound.field.prepare_value(bound.value())
        if value not in (None, False):
            posted[bound.html_name] = "on" if value is True else str(value)
    return {**posted, **changes}


def change(by: str, contract: Contract, **changes: object):
    return client_of(by).post(reverse("contract-terms", args=[contract.pk]), form_of(contract, **changes))


def test_terms_are_changed_with_an_entry_that_tells_before_and_after():
    contract = contract_of()
    times = {"level1_value": "2", "level1_unit": "hour:natural", "response_email_value": "20"}
    times |= {"response_email_unit": "minute:working", "first_warning": "60", "second_warning": "80"}
    assert change(HEAD, contract, **times, pause_allowed="on").status_code == 302
    changed = contract_of()
    assert changed.targets.get(level=1).target == {"value": 2, "unit": "hour", "clock": "natural"}
    assert changed.response_by_channel == {"email": {"value": 20, "unit": "minute", "clock": "working"}}
    assert (changed.warnings, changed.pause_allowed, changed.version) == ([60, 80], True, contract.version + 1)
    entry = Entry.objects.filter(stream=contract.stream).latest("sequence")
    assert (entry.action, entry.role) == ("change_contract", "department_head")
    assert '"warnings":[[],[60,80]]' in entry.payload.content


def test_a_target_is_taken_back():
    contract = contract_of(BANK_A)
    level = contract.targets.first().level
    change(ADMINISTRATOR, contract, **{f"level{level}_value": ""})
    assert not contract.targets.filter(level=level).exists()
    assert '"dropped"' in Entry.objects.filter(stream=contract.stream).latest("sequence").payload.content


def test_saving_what_stands_there_changes_nothing():
    for code in (BANK_A, BANK_B, BANK_C, INSURER_D):
        contract, entries = contract_of(code), Entry.objects.count()
        assert change(ADMINISTRATOR, contract).status_code == 302
        assert (contract_of(code).version, Entry.objects.count()) == (contract.version, entries)


def test_the_channels_target_goes_before_the_one_for_every_channel():
    contract = contract_of()
    contract.response_target = Target(10, "minute", "natural").as_data()
    contract.response_by_channel = {"email": Target(20, "minute", "working").as_data()}
    usual = Target(30, "minute", "working")
    assert response_target(contract, "email", usual)[0] == Target(20, "minute", "working")
    assert response_target(contract, "phone", usual)[0] == Target(10, "minute", "natural")


def test_what_is_classified_afterwards_gets_the_new_terms_and_what_was_before_keeps_the_old():
    before = Scene().classified("moderate", "medium")
    contract = contract_of()
    change(HEAD, contract, level3_value="5", level3_unit="hour:working", first_warning="50", second_warning="80")
    after = Scene().classified("moderate", "medium")
    old, new = (Clock.objects.get(pk=each.resolution_clock_id) for each in (before, after))
    assert (old.agreed, old.thresholds) == (Target(1, "calendar_month", "natural"), [75, 90, 100])
    assert (new.agreed, new.thresholds) == (Target(5, "hour", "working"), [50, 80, 100])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": "2020-1-1"}, "The end lies before the start."),
        ({"ends_on": "2020-13-1"}, "is no date"),
        ({"number": "HT-2026-001"}, "Another contract has this number."),
        ({"first_warning": "80", "second_warning": "60"}, "two rising shares"),
        ({"first_warning": "80"}, "two rising shares"),
        ({"level1_value": "0"}, "greater than or equal to 1"),
        ({"level1_value": "999999999999"}, "Ten years at most."),
        ({"level1_value": "1", "level1_unit": "fortnight"}, "Select a valid choice"),
        ({"process_notes": "x" * 301}, "Up to 40 lines"),
        ({"calendar": "99999"}, "Select a valid choice"),
        ({"closure": "shout"}, "Select a valid choice"),
        ({"name": ""}, "required"),
    ],
)
def test_what_cannot_be_agreed_comes_back_with_a_sentence(changes, sentence):
    contract = contract_of(BANK_C)
    if "number" in changes:
        changes = {"number": contract_of(BANK_A).number}
    answer = change(ADMINISTRATOR, contract, **changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert contract_of(BANK_C).version == contract.version


@pytest.mark.parametrize("typed", ["2027-02-30", "next year"])
def test_a_day_that_is_none_is_said_at_its_field(typed):
    with pytest.raises(ValidationError, match=r"day|date"):
        DateTyped().clean(typed)


def test_no_day_at_all_is_none_where_none_is_needed():
    assert DateTyped(required=False).clean("") is None


def test_an_overlap_is_explained_and_saved_only_when_it_is_meant():
    contract = contract_of()
    overlapping = replace(NEXT, starts_on=contract.ends_on)
    posted = {"customer": contract.customer_id, "number": "HT-2027", "name": "续签", "closure": "contact_confirmation"}
    posted |= {"starts_on": f"{overlapping.starts_on:%Y/%m/%d}", "ends_on": "2028-12-31"}
    client = client_of(HEAD)
    answer = client.post(reverse("contract-new"), posted)
    assert answer.status_code == 422
    assert f"It overlaps {contract.number} from {contract.ends_on} to {contract.ends_on}" in answer.content.decode()
    assert client.post(reverse("contract-new"), {**posted, "overlap_accepted": "on"}).status_code == 302
    assert Contract.objects.get(number="HT-2027").starts_on == contract.ends_on


def test_a_stale_save_shows_both_terms_and_keeps_the_chosen_ones():
    contract = contract_of()
    mine = form_of(contract, name="我的名称", pause_allowed="on")
    change(ADMINISTRATOR, contract, name="别人的名称")
    client = client_of(HEAD)
    address = reverse("contract-terms", args=[contract.pk])
    answer = client.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "我的名称" in page
    assert "别人的名称" in page
    now = contract_of().version
    client.post(address, {**mine, "version": now, "choose-name": "theirs"})
    saved = contract_of()
    assert (saved.name, saved.pause_allowed) == ("别人的名称", True)


def test_gaps_between_contracts_and_after_the_last_are_shown():
    contract = contract_of()
    later = replace(
        NEXT, starts_on=date(contract.ends_on.year + 1, 2, 1), ends_on=date(contract.ends_on.year + 1, 3, 1)
    )
    create_contract(contract.customer, later, actor=SYSTEM)
    page = client_of(DESK).get(reverse("contract", args=[contract.pk])).content.decode()
    assert "Gap of" in page
    found = gaps(list(contract.customer.contracts.all()))
    assert [gap.until is None for gap in found] == [False, True]
    assert found[0].days == (later.starts_on - contract.ends_on).days - 1


def test_a_contract_is_not_ending_when_another_begins_by_the_day_after():
    contract = contract_of()
    on = contract.ends_on
    assert contract in ending(on, within=60, since=30)
    follower = create_contract(
        contract.customer, replace(NEXT, starts_on=date.fromordinal(on.toordinal() + 2)), actor=SYSTEM
    )
    assert contract in ending(on, within=60, since=30)
    Contract.objects.filter(pk=follower.pk).update(starts_on=date.fromordinal(on.toordinal() + 1))
    assert contract not in ending(on, within=60, since=30)


def test_the_list_is_searched_and_keeps_its_place():
    client = client_of(ADMINISTRATOR)
    contract = contract_of()
    assert [row[0] for row in client.get(reverse("contracts"), {"q": contract.number}).context["rows"]] == [contract]
    everything = [row[0] for row in client.get(reverse("contracts")).context["rows"]]
    behind = client.get(reverse("contracts"), {"cursor": Order("number").cursor(everything[2])})
    assert [row[0] for row in behind.context["rows"]] == everything[3:]
    assert 'rel="prev"' in behind.content.decode()
    assert "No contract fits" in client.get(reverse("contracts"), {"q": "没有\x00"}).content.decode()


@pytest.mark.parametrize(
    ("number", "listed", "read", "changed"),
    [
        (ADMINISTRATOR, 200, 200, 200),
        (CHEN_HEAD, 200, 200, 200),
        (LIN_HEAD, 200, 404, 404),
        (LIU_DESK, 200, 200, 403),
        (ZHAO_DESK, 200, 404, 404),
        (ZHENG_CUSTODIAN, 403, 404, 404),
        (HE_RISK, 403, 404, 404),
        (FENG_AUDITOR, 200, 200, 403),
        (XU_SALES, 403, 404, 404),
    ],
)
def test_who_may_open_what(number, listed, read, changed):
    client, contract = client_of(number), contract_of()
    assert client.get(reverse("contracts")).status_code == listed
    assert client.get(reverse("contract", args=[contract.pk])).status_code == read
    assert client.get(reverse("contract-terms", args=[contract.pk])).status_code == changed
    answer = client.post(reverse("contract-terms", args=[contract.pk]), form_of(contract, name="改"))
    assert answer.status_code == (302 if changed == 200 else changed)
    new = 200 if changed == 200 or number == LIN_HEAD else 403
    assert client.get(reverse("contract-new")).status_code == new


def test_a_head_enters_no_contract_for_another_department():
    foreign = Customer.objects.exclude(department=person(HEAD).department).first()
    posted = {"customer": foreign.pk, "number": "X", "name": "X", "closure": "contact_confirmation"}
    posted |= {"starts_on": "2030-1-1", "ends_on": "2030-12-31"}
    assert client_of(HEAD).post(reverse("contract-new"), posted).status_code == 422
    assert not Contract.objects.filter(number="X").exists()


def test_nothing_is_found_where_nothing_is():
    client = client_of(ADMINISTRATOR)
    assert client.get(f"/settings/contracts/{10**30}/").status_code == 404
    assert client.get("/settings/contracts/0/terms/").status_code == 404


def test_list_and_page_cost_the_same_however_many_contracts_there_are(count_queries):
    client, contract = client_of(ADMINISTRATOR), contract_of()
    calls = [lambda: client.get(reverse("contracts")), lambda: client.get(reverse("contract", args=[contract.pk]))]
    for call in calls:
        call()
    few = [count_queries(call) for call in calls]
    for year in range(2030, 2036):
        terms = replace(NEXT, number=f"HT-{year}", starts_on=date(year, 1, 1), ends_on=date(year, 11, 30))
        create_contract(contract.customer, terms, actor=SYSTEM)
    assert [count_queries(call) for call in calls] == few
    assert max(few) <= 16


@pytest.mark.parametrize("days", [{"ends_on": "9999-12-31"}, {"starts_on": "0001-01-01"}, {"ends_on": "2200-01-01"}])
def test_a_contract_ends_on_a_day_that_has_a_next_one(days):
    contract = contract_of()
    answer = change(ADMINISTRATOR, contract, **days)
    assert answer.status_code == 422
    assert "Choose a day from 2000 to 2199." in answer.content.decode()
    assert contract_of().version == contract.version
    assert change(ADMINISTRATOR, contract, ends_on="2199-12-31").status_code == 302
    assert client_of(ADMINISTRATOR).get(reverse("contract", args=[contract.pk])).status_code == 200
