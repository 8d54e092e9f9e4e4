"""Two entries of one customer become one: what is open goes on, what is closed stays, nobody reads more than before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions import change_customer, create_contact, create_customer, grant_role, merge_customer
from accounts.actors import SYSTEM, local_day
from accounts.models import Customer, Role, RoleGrant
from accounts.queries import find_contacts
from base.clock import now
from incidents import actions as incidents
from incidents.access import declarations
from incidents.models import Declaration
from incidents.queries.customers import latest_of
from incidents.queries.repeats import earlier_repeats
from ledger.exceptions import Invalid, NotPermitted, NotPossible
from ledger.models import Entry
from ledger.verification import verify
from setup.actions import merge_customers
from setup.queries import customer_merging
from sla.actions import Terms, create_contract
from sla.models import Contract
from tests.firm import (
    ADMINISTRATOR,
    BANK_A,
    BANK_B,
    BROKER_E,
    CHEN_HEAD,
    FENG_AUDITOR,
    LIU_DESK,
    SHEN_BANK_A,
    WANG_DESK,
    client_of,
    contact,
    person,
    staff,
)
from tests.scenes import Scene
from tests.workbook.books import exported, mistakes, outcomes, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
# The first bank, whose desk is Wang, goes on as the second, whose desk is Liu.
SCENE = Scene(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)


def customer(code: str) -> Customer:
    return Customer.objects.select_related("department", "merged_into").get(code=code)


def merge(gone: str = BANK_A, kept: str = BANK_B, by: str = CHEN_HEAD, digest: str | None = None) -> Customer:
    ends, stays = customer(gone), customer(kept)
    agreed = customer_merging(staff(by), ends, stays).digest if digest is None else digest
    return merge_customers(ends, stays, actor=staff(by), digest=agreed)


def bare() -> Customer:
    """A customer of the same department without contract and desk."""
    return create_customer(actor=SYSTEM, code="C77", name="新开银行", department=customer(BANK_B).department)


def test_contacts_go_over_and_are_found_at_the_one_that_stays() -> None:
    kept = merge()
    moved = contact(SHEN_BANK_A)
    assert (moved.customer, moved.is_active) == (kept, True)
    assert find_contacts(moved.mobile)[0].customer == kept
    assert Entry.objects.filter(stream=moved.stream).latest("sequence").action == "move_contact"


def test_open_records_go_on_with_the_desk_that_stays_and_their_clocks() -> None:
    opened = SCENE.in_progress()
    kept = merge()
    after = Declaration.objects.get(pk=opened.pk)
    assert (after.customer, after.department, after.desk) == (kept, kept.department, person(LIU_DESK))
    assert (after.state, after.due_at, after.resolution_clock) == (opened.state, opened.due_at, opened.resolution_clock)
    assert (after.contract, after.handler, after.contact) == (opened.contract, opened.handler, opened.contact)
    entry = Entry.objects.filter(stream=opened.stream).latest("sequence")
    assert (entry.action, list(verify([opened.stream]))) == ("hand_on", [])
    SCENE.do(incidents.communicate, after, LIU_DESK, way="phone", text="由我们继续处理")


def test_one_that_nobody_screened_takes_the_contract_of_the_one_that_stays() -> None:
    opened = SCENE.accepted()
    kept = merge()
    assert Declaration.objects.get(pk=opened.pk).contract == Contract.objects.get(customer=kept)
    Scene().do(incidents.screen_as_invalid, opened, LIU_DESK, reason="test", caller_told=True)


def test_closed_and_filed_records_stay_as_they_are_and_are_listed_with_the_one_that_goes_on() -> None:
    closed, filed = SCENE.closed(), SCENE.filed()
    kept = merge()
    for stays in (closed, filed):
        after = Declaration.objects.get(pk=stays.pk)
        assert (after.customer, after.version) == (customer(BANK_A), stays.version)
    listed = {each.number for each in latest_of(staff(CHEN_HEAD), kept, 10)}
    assert {closed.number, filed.number} <= listed


def test_the_desk_that_goes_on_reads_no_old_security_record() -> None:
    secret = SCENE.do(
        incidents.screen_as_invalid, SCENE.accepted(restricted=True), WANG_DESK, reason="test", caller_told=True
    )
    still_open = SCENE.accepted(restricted=True)
    before = set(declarations(staff(LIU_DESK)).values_list("pk", flat=True))
    assert not {secret.pk, still_open.pk} & before
    kept = merge()
    after = set(declarations(staff(LIU_DESK)).values_list("pk", flat=True))
    assert after - before == {still_open.pk}
    assert secret.number not in {each.number for each in latest_of(staff(LIU_DESK), kept, 10)}
    assert client_of(LIU_DESK).get(f"/records/{secret.number}/").status_code == 404


def test_the_service_desk_of_the_one_that_ends_is_so_until_today() -> None:
    grant = RoleGrant.objects.get(customer=customer(BANK_A), role=Role.SERVICE_DESK)
    merge()
    grant.refresh_from_db()
    assert grant.ends_on == local_day(now())
    assert Entry.objects.filter(stream=grant.stream).latest("sequence").action == "end_grant"


def test_one_that_was_to_begin_later_ends_with_its_first_day() -> None:
    gone, first = bare(), local_day(now()) + timedelta(days=9)
    grant = grant_role(
        actor=SYSTEM, user=person(WANG_DESK), role=Role.SERVICE_DESK, reason="新客户", customer=gone, starts_on=first
    )
    merge(gone.code)
    grant.refresh_from_db()
    assert grant.ends_on == first


def test_a_contract_in_the_way_of_another_stays_behind_and_is_named() -> None:
    own, other = Contract.objects.get(customer__code=BANK_A), Contract.objects.get(customer__code=BANK_B)
    found = customer_merging(staff(CHEN_HEAD), customer(BANK_A), customer(BANK_B))
    assert (found.moving, found.staying) == ([], [(own, other)])
    merge()
    own.refresh_from_db()
    assert own.customer == customer(BANK_A)


def test_a_contract_that_holds_goes_over_where_nothing_is_in_its_way_and_an_ended_one_stays() -> None:
    kept, today = bare(), local_day(now())
    own = Contract.objects.get(customer__code=BANK_A)
    ended = create_contract(
        customer(BANK_A), Terms("HT-OLD", "旧合同", date(2020, 1, 1), date(2020, 12, 31)), actor=SYSTEM
    )
    assert own.starts_on <= today <= own.ends_on
    merge(BANK_A, kept.code)
    own.refresh_from_db()
    ended.refresh_from_db()
    assert (own.customer, ended.customer) == (kept, customer(BANK_A))
    assert Entry.objects.filter(stream=own.stream).latest("sequence").action == "hand_on_contract"
    assert list(verify([own.stream])) == []


def test_overlaps_that_were_meant_and_days_that_are_over_are_in_nobodys_way() -> None:
    kept, own = bare(), Contract.objects.get(customer__code=BANK_A)
    beside = Terms("HT-BESIDE", "补充合同", own.starts_on, own.ends_on)
    second = create_contract(customer(BANK_A), beside, actor=SYSTEM, overlap_accepted=True)
    over = Terms("HT-OVER", "旧合同", own.starts_on, local_day(now()) - timedelta(days=1))
    create_contract(kept, over, actor=SYSTEM)
    merge(BANK_A, kept.code)
    assert set(Contract.objects.filter(pk__in=[own.pk, second.pk]).values_list("customer", flat=True)) == {kept.pk}


def test_contacts_with_a_number_in_common_are_named_and_both_stay() -> None:
    other = create_contact(actor=SYSTEM, customer=customer(BANK_B), name="沈女士", mobile=contact(SHEN_BANK_A).mobile)
    found = customer_merging(staff(CHEN_HEAD), customer(BANK_A), customer(BANK_B))
    assert found.alike == [(contact(SHEN_BANK_A), other)]
    merge()
    assert contact(SHEN_BANK_A).merged_into is contact(other.code).merged_into is None


def test_the_one_that_ends_keeps_its_row_and_is_offered_nowhere() -> None:
    rows = Customer.objects.count()
    kept = merge()
    gone = customer(BANK_A)
    assert (Customer.objects.count(), gone.merged_into, gone.in_service_scope) == (rows, kept, False)
    head = client_of(CHEN_HEAD)
    listed = [row.customer.code for row in head.get(reverse("customers")).context["rows"]]
    asked = head.get(reverse("customers"), {"q": gone.name})
    assert (BANK_A in listed, [row.customer.code for row in asked.context["rows"]]) == (False, [BANK_A])
    assert f"Merged into {kept.name}" in asked.content.decode()
    assert f'value="{BANK_A}"' not in client_of(LIU_DESK).get("/register/").content.decode()
    page = head.get(reverse("customer", args=[gone.pk])).content.decode()
    assert f"Merged into {kept.name}" in page
    assert reverse("customer-change", args=[gone.pk]) not in page
    assert "This customer goes on as" in page
    assert ("No contract stayed here." in page) == (not gone.contracts.exists())
    for alive in ("In force", "the duty desk takes its calls", "No contract since", "Nobody is entered yet"):
        assert alive not in page
    assert gone.name in head.get(reverse("customer", args=[kept.pk])).content.decode()


def test_the_one_that_ended_is_changed_no_more() -> None:
    merge()
    gone = customer(BANK_A)
    terms = Terms("HT-NEW", "新合同", date(2027, 1, 1), date(2027, 12, 31))
    for act in (
        lambda: change_customer(gone, actor=SYSTEM, version=None, in_service_scope=True),
        lambda: create_contact(actor=SYSTEM, customer=gone, name="沈女士"),
        lambda: create_contract(gone, terms, actor=SYSTEM),
        lambda: grant_role(actor=SYSTEM, user=person(LIU_DESK), role=Role.SERVICE_DESK, reason="兼", customer=gone),
        lambda: incidents.accept(SCENE.call(contact=None, customer=gone, caller_name="沈女士"), actor=SYSTEM),
    ):
        with pytest.raises(NotPossible, match="was merged into"):
            act()
    for name in ("customer-change", "customer-merge", "contact-new"):
        assert client_of(CHEN_HEAD).get(reverse(name, args=[gone.pk])).status_code == 409


def test_a_program_that_sends_the_old_code_reaches_the_one_that_goes_on() -> None:
    kept = merge()
    opened = Scene().unregistered(customer=None, contact=contact(SHEN_BANK_A))
    form = {
        "customer": BANK_A,
        "contact": SHEN_BANK_A,
        "reason": "test",
        "caller_told": "on",
        "version": opened.version,
    }
    answer = client_of(LIU_DESK).post(f"/records/{opened.number}/do/screen_as_invalid/", form)
    assert (answer.status_code, Declaration.objects.get(pk=opened.pk).customer) == (302, kept)


def test_what_was_merged_before_goes_on_to_the_last_one_without_a_chain() -> None:
    first = bare()
    merge(first.code, BANK_A)
    kept = merge()
    assert customer("C77").merged_into == customer(BANK_A).merged_into == kept


def test_one_that_was_merged_takes_part_in_no_other_and_nobody_merges_one_with_itself() -> None:
    third = bare()
    merge()
    for one, other in ((BANK_A, third.code), (third.code, BANK_A), (BANK_A, BANK_B)):
        with pytest.raises(NotPossible, match="was merged into"):
            merge_customer(customer(one), into=customer(other), actor=SYSTEM)
    with pytest.raises(Invalid):
        merge_customer(third, into=third, actor=SYSTEM)


def test_the_database_keeps_a_merged_one_from_itself_and_from_service() -> None:
    gone = bare()
    for columns in ({"merged_into": gone, "in_service_scope": False}, {"merged_into": customer(BANK_B)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Customer.objects.filter(pk=gone.pk).update(**columns)


@pytest.mark.parametrize("by", [LIU_DESK, WANG_DESK, FENG_AUDITOR])
def test_nobody_else_merges(by: str) -> None:
    with pytest.raises(NotPermitted):
        merge(by=by)
    assert client_of(by).get(reverse("customer-merge", args=[customer(BANK_A).pk])).status_code in (403, 404)


def test_a_head_merges_no_customer_of_another_department() -> None:
    with pytest.raises(NotPermitted):
        merge(BANK_A, BROKER_E)
    assert merge(BANK_A, BROKER_E, by=ADMINISTRATOR) == customer(BROKER_E)


@pytest.mark.parametrize(
    "what", ["the one that ends", "the one that stays", "a contact", "an open record", "a contract"]
)
def test_what_came_in_between_is_not_agreed_to(what: str) -> None:
    agreed = customer_merging(staff(CHEN_HEAD), customer(BANK_A), customer(BANK_B)).digest
    if what == "an open record":
        SCENE.accepted()
    elif what == "a contact":
        create_contact(actor=SYSTEM, customer=customer(BANK_A), name="新人")
    elif what == "a contract":
        create_contract(customer(BANK_B), Terms("HT-NEW", "新合同", date(2028, 1, 1), date(2028, 12, 31)), actor=SYSTEM)
    else:
        changed = customer(BANK_A if what == "who ends" else BANK_B)
        change_customer(changed, actor=SYSTEM, version=None, industry="证券")
    with pytest.raises(NotPossible, match="changed meanwhile"):
        merge(digest=agreed)
    assert customer(BANK_A).merged_into is None
    assert contact(SHEN_BANK_A).customer == customer(BANK_A)


def test_a_second_press_changes_nothing_more() -> None:
    agreed = customer_merging(staff(CHEN_HEAD), customer(BANK_A), customer(BANK_B)).digest
    merge(digest=agreed)
    entries = Entry.objects.exclude(stream__startswith="security:").count()
    with pytest.raises(NotPossible):
        merge(digest=agreed)
    assert Entry.objects.exclude(stream__startswith="security:").count() == entries


def test_repeats_count_both_since_they_are_one_customer() -> None:
    first = SCENE.looked_up()
    SCENE.do(incidents.start, first, WANG_DESK)
    later = Scene().looked_up()
    assert earlier_repeats(later, window_days=90) == []
    Declaration.objects.filter(pk=later.pk).update(received_at=now() + timedelta(minutes=1))
    merge(BANK_B, BANK_A)
    found = earlier_repeats(Declaration.objects.get(pk=later.pk), window_days=90)
    assert [each.number for each in found] == [first.number]


def test_the_preview_costs_the_same_for_many(count_queries: Callable[..., int]) -> None:
    head, address = client_of(CHEN_HEAD), reverse("customer-merge", args=[customer(BANK_A).pk])
    SCENE.accepted()
    head.get(f"{address}?kept={BANK_B}")
    few = count_queries(lambda: head.get(f"{address}?kept={BANK_B}"))
    for number in range(4):
        SCENE.accepted()
        create_contact(actor=SYSTEM, customer=customer(BANK_A), name="新人", mobile=f"1390000277{number}")
    assert count_queries(lambda: head.get(f"{address}?kept={BANK_B}")) == few


def test_on_the_page_one_is_chosen_looked_at_and_merged() -> None:
    opened, head = SCENE.accepted(), client_of(CHEN_HEAD)
    address = reverse("customer-merge", args=[customer(BANK_A).pk])
    shown = head.get(f"{address}?kept={BANK_B}").content.decode()
    digest = customer_merging(staff(CHEN_HEAD), customer(BANK_A), customer(BANK_B)).digest
    assert opened.number in shown
    assert digest in shown
    refused = head.post(address, {"kept": BANK_B, "digest": "older"})
    assert (refused.status_code, digest in refused.content.decode()) == (422, True)
    assert head.post(address, {"kept": BANK_B, "digest": digest}).status_code == 302
    assert customer(BANK_A).merged_into == customer(BANK_B)


def test_the_workbook_comes_back_without_a_change_and_an_old_one_is_refused_by_name() -> None:
    admin = staff(ADMINISTRATOR)
    older = exported(admin)
    merge()
    rows = planned(exported(admin), admin)
    assert outcomes(rows).keys() == {"same"}
    told = {row.key for row in rows if row.sheet == "customers"}
    assert (BANK_A in told, BANK_B in told) == (False, True)
    wrong = {(sheet, sentence) for sheet, _row, _column, sentence in mistakes(planned(older, admin))}
    assert ("customers", f"This customer was merged into {BANK_B}. Change that one, or leave this row out.") in wrong
