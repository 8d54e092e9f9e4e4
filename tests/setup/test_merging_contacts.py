"""Two entries of one person become one: numbers, addresses and open records go on, everything old stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions import Point, add_number, change_contact, create_contact, merge_contact
from accounts.models import Contact, Customer
from accounts.queries import contacts_of, find_contacts
from base.clock import now
from incidents import actions as incidents
from incidents.models import Declaration
from incidents.queries.contacts import contact_by_phone, known_contact
from ledger.exceptions import Invalid, NotPermitted, NotPossible
from ledger.models import Entry
from ledger.verification import verify
from setup.actions import merge_contacts
from setup.queries import contact_merging
from tests.firm import (
    ADMINISTRATOR,
    CHEN_HEAD,
    FENG_AUDITOR,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    WANG_DESK,
    client_of,
    contact,
    staff,
)
from tests.scenes import Scene
from tests.workbook.books import exported, outcomes, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = Scene()


def twin(**values: object) -> Contact:
    """The same person as the scene's contact, entered a second time."""
    known = {"name": "唐女士", "mobile": "13900002900", "phone": "010-00000299", "email": "tang@c02.example"}
    points = [Point("phone", "13900002901", "家里"), Point("email", "t@c02.example")]
    return SCENE.second_contact(points=points, **{**known, **values})


def merge(gone: Contact, kept: str = TANG_BANK_B, by: str = LIU_DESK, digest: str | None = None) -> Contact:
    stays = contact(kept)
    agreed = contact_merging(staff(by), contact(gone.code), stays).digest if digest is None else digest
    return merge_contacts(gone, stays, actor=staff(by), digest=agreed)


def test_the_one_that_stays_has_all_numbers_and_is_found_by_each() -> None:
    gone = twin()
    kept = merge(gone)
    assert (kept.mobile, kept.phone) == (contact(TANG_BANK_B).mobile, contact(TANG_BANK_B).phone)
    for number in ("13900002900", "010-00000299", "13900002901", kept.mobile):
        assert find_contacts(number) == [kept]
        assert contact_by_phone(number) == kept
    kinds = {(point.kind, point.value, point.note) for point in kept.points.all()}
    assert ("phone", "13900002901", "家里") in kinds
    assert {("email", "tang@c02.example", ""), ("email", "t@c02.example", "")} <= kinds


def test_what_the_one_that_stays_lacks_it_takes_over() -> None:
    bare = create_contact(actor=staff(LIU_DESK), customer=contact(TANG_BANK_B).customer, name="唐若宁")
    kept = merge(twin(title="经理", language="en"), bare.code)
    assert (kept.mobile, kept.phone, kept.email) == ("13900002900", "010-00000299", "tang@c02.example")
    assert (kept.title, kept.language) == ("经理", "en")


def test_nothing_is_deleted_and_the_one_that_ends_is_offered_nowhere() -> None:
    gone, rows = twin(), Contact.objects.count()
    kept = merge(gone)
    ended = contact(gone.code)
    assert (Contact.objects.count(), ended.merged_into, ended.is_active) == (rows, kept, False)
    assert (ended.mobile, ended.points.count()) == ("13900002900", 2)
    assert known_contact(staff(LIU_DESK), ended.pk) is None
    assert ended not in contacts_of(ended.customer)


def test_open_records_go_on_with_an_entry_and_their_clocks_and_closed_ones_stay() -> None:
    gone = change_contact(twin(), actor=staff(CHEN_HEAD), version=None, may_confirm=True)
    scene = Scene(contact=gone.code)
    opened, closed, filed = scene.in_progress(), scene.closed(), scene.filed()
    kept = merge(gone)
    after = Declaration.objects.get(pk=opened.pk)
    assert (after.contact, after.caller_name, after.contact_means) == (kept, "唐女士", opened.contact_means)
    assert (after.state, after.due_at, after.resolution_clock) == (opened.state, opened.due_at, opened.resolution_clock)
    for stays in (closed, filed):
        assert Declaration.objects.get(pk=stays.pk).contact == gone
        assert Declaration.objects.get(pk=stays.pk).version == stays.version
    entry = Entry.objects.filter(stream=opened.stream).latest("sequence")
    assert (entry.action, entry.clause) == ("hand_on", "5.4.2")
    assert list(verify([opened.stream, gone.stream, kept.stream])) == []
    shown = client_of(LIU_DESK).get(f"/records/{opened.number}/").content.decode()
    assert "Two entries were merged" in shown


def test_each_contact_has_its_entry() -> None:
    gone = twin()
    kept = merge(gone)
    last = {each: Entry.objects.filter(stream=each.stream).latest("sequence").action for each in (gone, kept)}
    assert last == {gone: "merge_contact", kept: "take_in_contact"}


def test_what_was_merged_before_goes_on_to_the_last_one_without_a_chain() -> None:
    first, second = twin(), twin(name="唐小姐", mobile="13900002910", email="x@c02.example", phone="")
    merge(first, second.code)
    kept = merge(second)
    assert {contact(each.code).merged_into for each in (first, second)} == {kept}
    assert find_contacts("13900002900") == [kept]


@pytest.mark.parametrize("wrong", ["itself", "of another customer"])
def test_two_who_are_not_one_person_of_one_customer_are_refused(wrong: str) -> None:
    gone = twin()
    with pytest.raises(Invalid):
        merge_contact(gone, into=gone if wrong == "itself" else contact(SHEN_BANK_A), actor=staff(ADMINISTRATOR))
    assert contact(gone.code).merged_into is None


def test_one_that_was_merged_takes_part_in_no_other() -> None:
    gone, third = twin(), twin(name="唐小姐", mobile="13900002910")
    merge(gone)
    for one, other in ((gone, third), (third, gone), (gone, contact(TANG_BANK_B))):
        with pytest.raises(NotPossible, match="was merged into"):
            merge_contact(one, into=other, actor=staff(LIU_DESK))


def test_whoever_has_left_is_not_the_one_that_stays() -> None:
    left = change_contact(twin(), actor=staff(LIU_DESK), version=None, left_on=now().date())
    with pytest.raises(NotPossible, match="has left"):
        merge(contact(TANG_BANK_B), left.code, by=CHEN_HEAD)
    assert merge(left).is_active


def test_a_merged_contact_is_changed_no_more() -> None:
    gone = twin()
    merge(gone)
    for act in (
        lambda: change_contact(gone, actor=staff(LIU_DESK), version=None, left_on=None),
        lambda: add_number(gone, actor=staff(LIU_DESK), number="13900002955"),
    ):
        with pytest.raises(NotPossible, match="was merged into"):
            act()
    address = reverse("contact-change", args=[gone.customer_id, gone.pk])
    assert client_of(LIU_DESK).get(address).status_code == 409


def test_the_database_keeps_a_merged_one_from_itself_and_from_being_offered() -> None:
    gone = twin()
    for columns in ({"merged_into": gone, "is_active": False}, {"merged_into": contact(TANG_BANK_B)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.filter(pk=gone.pk).update(**columns)


def test_the_right_to_confirm_goes_over_only_by_whoever_may_give_it() -> None:
    gone = twin(may_confirm=False)
    change_contact(gone, actor=staff(CHEN_HEAD), version=None, may_confirm=True)
    bare = create_contact(actor=staff(LIU_DESK), customer=gone.customer, name="唐若宁")
    with pytest.raises(NotPermitted):
        merge(gone, bare.code)
    assert contact(gone.code).merged_into is None
    assert merge(gone, bare.code, by=CHEN_HEAD).may_confirm


@pytest.mark.parametrize("by", [WANG_DESK, FENG_AUDITOR])
def test_nobody_else_merges(by: str) -> None:
    gone = twin()
    with pytest.raises(NotPermitted):
        merge(gone, by=by)
    assert client_of(by).get(reverse("contacts-merge", args=[gone.customer_id])).status_code in (403, 404)


@pytest.mark.parametrize("what", ["the one that ends", "the one that stays", "an open record"])
def test_what_came_in_between_is_not_agreed_to(what: str) -> None:
    gone = twin()
    agreed = contact_merging(staff(LIU_DESK), gone, contact(TANG_BANK_B)).digest
    if what == "an open record":
        Scene(contact=gone.code).accepted()
    else:
        changed = gone if what == "the one that ends" else contact(TANG_BANK_B)
        change_contact(changed, actor=staff(LIU_DESK), version=None, title="主任")
    with pytest.raises(NotPossible, match="changed meanwhile"):
        merge(gone, digest=agreed)
    assert contact(gone.code).merged_into is None


def test_a_second_press_changes_nothing_more() -> None:
    gone = twin()
    agreed = contact_merging(staff(LIU_DESK), gone, contact(TANG_BANK_B)).digest
    kept = merge(gone, digest=agreed)
    with pytest.raises(NotPossible):
        merge(gone, digest=agreed)
    assert contact(TANG_BANK_B).version == kept.version


def test_the_preview_names_what_would_move_and_hides_what_is_not_to_be_seen() -> None:
    gone = twin()
    scene = Scene(contact=gone.code)
    seen, secret = scene.accepted(), scene.accepted(restricted=True)
    for by, numbers in ((LIU_DESK, [seen.number, secret.number]), (ADMINISTRATOR, [])):
        found = contact_merging(staff(by), gone, contact(TANG_BANK_B))
        assert ([each.number for each in found.records.shown], found.records.count) == (numbers, 2)
    assert "13900002901" in found.values


def test_the_preview_costs_the_same_for_many_records(count_queries: Callable[..., int]) -> None:
    gone = twin()
    Scene(contact=gone.code).accepted()
    client = client_of(LIU_DESK)
    address = f"{reverse('contacts-merge', args=[gone.customer_id])}?gone={gone.code}&kept={TANG_BANK_B}"
    client.get(address)
    few = count_queries(lambda: client.get(address))
    for _time in range(4):
        Scene(contact=gone.code).accepted()
    assert count_queries(lambda: client.get(address)) == few


def test_on_the_page_two_are_chosen_looked_at_and_merged() -> None:
    gone, desk = twin(), client_of(LIU_DESK)
    address = reverse("contacts-merge", args=[gone.customer_id])
    shown = desk.get(f"{address}?gone={gone.code}&kept={TANG_BANK_B}").content.decode()
    assert "139 0000 2901" in shown
    digest = contact_merging(staff(LIU_DESK), gone, contact(TANG_BANK_B)).digest
    assert digest in shown
    posted = {"gone": gone.code, "kept": TANG_BANK_B, "digest": "older"}
    refused = desk.post(address, posted)
    assert (refused.status_code, digest in refused.content.decode()) == (422, True)
    assert desk.post(address, {**posted, "digest": digest}).status_code == 302
    page = desk.get(reverse("customer", args=[gone.customer_id])).content.decode()
    assert f"Merged into {contact(TANG_BANK_B).name}" in page


def test_the_same_twice_is_said_at_the_field() -> None:
    address = reverse("contacts-merge", args=[contact(TANG_BANK_B).customer_id])
    answer = client_of(LIU_DESK).get(f"{address}?gone={TANG_BANK_B}&kept={TANG_BANK_B}")
    assert (answer.status_code, "Choose two different contacts." in answer.content.decode()) == (422, True)


def test_the_workbook_leaves_the_merged_one_out() -> None:
    gone = twin()
    merge(gone)
    admin = staff(ADMINISTRATOR)
    rows = planned(exported(admin), admin)
    assert outcomes(rows).keys() == {"same"}
    told = {row.key for row in rows if row.sheet == "contacts"}
    assert (gone.code in told, TANG_BANK_B in told) == (False, True)


def test_a_record_of_the_merged_one_is_tied_to_the_one_that_stays_only() -> None:
    gone = twin()
    merge(gone)
    made = SCENE.unregistered()
    with pytest.raises(Invalid):
        SCENE.do(incidents.tie_contact, made, LIU_DESK, contact=contact(gone.code))
    assert Customer.objects.get(code="C02") == made.customer
