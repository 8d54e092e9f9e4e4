"""Contacts through their pages: several numbers, the right to confirm, who has left, the language of letters."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.actions import Point
from accounts.models import Contact
from accounts.queries import find_contacts
from desk.customers.forms import PointsField
from incidents.queries.contacts import contact_by_phone
from incidents.queries.listing import ListQuery, listed
from ledger.models import Entry
from notifications.writing import words_to_customer
from tests.desk.customers.conftest import customer
from tests.firm import (
    ADMINISTRATOR,
    BANK_B,
    BROKER_E,
    CHEN_HEAD,
    FENG_AUDITOR,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    LUO_BANK_B,
    TANG_BANK_B,
    client_of,
    contact,
    staff,
)
from tests.scenes import MONDAY, Scene

pytestmark = pytest.mark.django_db
POINTS = "021-55556666 转 12 前台\r\n+86 139 1111 2222\r\nsecond@c02.example 备用"


def enter(by: str, code: str = BANK_B, **changes: object):
    values = {"name": "新联系人", "mobile": "138 0000 9999", **changes}
    return client_of(by).post(reverse("contact-new", args=[customer(code).pk]), values)


def form_of(found: Contact, **changes: object) -> dict[str, object]:
    names = ("name", "title", "mobile", "phone", "email", "language")
    values: dict[str, object] = {name: getattr(found, name) for name in names}
    return {
        **values,
        "points": "",
        "may_confirm": "on" if found.may_confirm else "",
        "version": found.version,
        **changes,
    }


def change(by: str, found: Contact, **changes: object):
    address = reverse("contact-change", args=[found.customer_id, found.pk])
    return client_of(by).post(address, form_of(found, **changes))


@pytest.mark.parametrize("by", [LIU_DESK, CHEN_HEAD, ADMINISTRATOR])
def test_a_contact_is_entered_with_all_numbers_and_addresses(by):
    assert enter(by, points=POINTS).status_code == 302
    made = Contact.objects.get(name="新联系人")
    assert (made.mobile, made.code) == ("13800009999", "C02-P3")
    assert list(made.points.values_list("kind", "value", "note")) == [
        ("phone", "021-55556666-12", "前台"),
        ("phone", "13911112222", ""),
        ("email", "second@c02.example", "备用"),
    ]
    assert '"13911112222"' in Entry.objects.get(stream=made.stream).payload.content


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"email": "no address"},
        {"points": "前台"},
        {"points": "a@b"},
        {"points": "12"},
        {"points": "\n".join(["13911112222"] * 11)},
        {"points": f"13911112222 {'长' * 61}"},
        {"language": "fr"},
    ],
)
def test_what_cannot_be_comes_back_as_it_was_typed(changes):
    answer = enter(LIU_DESK, title="出纳", **changes)
    assert answer.status_code == 422
    assert "出纳" in answer.content.decode()
    assert not Contact.objects.filter(title="出纳").exists()


@pytest.mark.parametrize(
    ("by", "code", "status"),
    [(FENG_AUDITOR, BANK_B, 403), (HE_RISK, BANK_B, 404), (LIN_HEAD, BANK_B, 404), (LIU_DESK, BROKER_E, 404)],
)
def test_nobody_else_enters_or_changes_one(by, code, status):
    assert enter(by, code).status_code == status
    if code == BANK_B:
        assert change(by, contact(TANG_BANK_B)).status_code == status


def test_only_the_head_or_an_administrator_entitles_to_confirm():
    assert "may_confirm" not in client_of(LIU_DESK).get(reverse("contact-new", args=[customer().pk])).content.decode()
    enter(LIU_DESK, may_confirm="on")
    made = Contact.objects.get(name="新联系人")
    assert made.may_confirm is False
    assert change(CHEN_HEAD, made, may_confirm="on").status_code == 302
    assert Contact.objects.get(pk=made.pk).may_confirm is True
    assert change(LIU_DESK, Contact.objects.get(pk=made.pk), title="主管").status_code == 302
    assert Contact.objects.get(pk=made.pk).may_confirm is True


def test_a_caller_is_found_by_any_of_the_numbers_in_one_statement(django_assert_num_queries):
    enter(LIU_DESK, points=POINTS)
    for typed in ("13800009999", "139 1111 2222", "021-5555-6666", "11112"):
        with django_assert_num_queries(1):
            assert [found.name for found in find_contacts(typed)] == ["新联系人"], typed
    for shown in ("13911112222", "+8613911112222", "013911112222"):
        found = contact_by_phone(shown)
        assert found is not None
        assert found.name == "新联系人"


def test_records_and_customers_are_found_by_a_further_number():
    change(LIU_DESK, contact(TANG_BANK_B), points="13911112222")
    declaration = Scene().accepted()
    assert [row.pk for row in listed(staff(LIU_DESK), ListQuery(q="13911112222")).rows] == [declaration.pk]
    found = client_of(LIU_DESK).get(reverse("customers"), {"q": "13911112222"}).context["rows"]
    assert [row.customer.code for row in found] == [BANK_B]


def test_numbers_are_changed_and_taken_back():
    change(LIU_DESK, contact(TANG_BANK_B), points="13911112222 家里\n13911113333")
    change(LIU_DESK, contact(TANG_BANK_B), points="13911112222 办公室")
    assert list(contact(TANG_BANK_B).points.values_list("value", "note")) == [("13911112222", "办公室")]


def test_saving_what_stands_there_changes_nothing():
    change(LIU_DESK, contact(TANG_BANK_B), points=POINTS)
    before, entries = contact(TANG_BANK_B), Entry.objects.count()
    page = client_of(LIU_DESK).get(reverse("contact-change", args=[before.customer_id, before.pk]))
    bound = page.context["form"]["points"]
    assert change(LIU_DESK, before, points=bound.field.prepare_value(bound.value())).status_code == 302
    assert (contact(TANG_BANK_B).version, Entry.objects.count()) == (before.version, entries)


def test_who_has_left_stays_on_old_records_and_is_offered_no_more():
    declaration = Scene().accepted()
    assert change(LIU_DESK, contact(TANG_BANK_B), left_on="2026-11-20").status_code == 302
    left = contact(TANG_BANK_B)
    assert (left.is_active, str(left.left_on)) == (False, "2026-11-20")
    assert find_contacts(left.name) == []
    assert left.name in client_of(LIU_DESK).get(reverse("record", args=[declaration.number])).content.decode()
    assert change(LIU_DESK, left, left_on="").status_code == 302
    assert contact(TANG_BANK_B).is_active


def test_nobody_leaves_before_the_day():
    assert change(LIU_DESK, contact(TANG_BANK_B), left_on="2026-11-24").status_code == 422
    assert contact(TANG_BANK_B).is_active


def test_a_stale_change_shows_both():
    before = contact(TANG_BANK_B)
    change(CHEN_HEAD, before, title="别人写的")
    answer = change(LIU_DESK, before, title="我写的", points="13911112222 家里")
    assert answer.status_code == 412
    for said in ("别人写的", "我写的", "13911112222 家里"):
        assert said in answer.content.decode()


def test_a_contact_of_another_customer_is_not_changed_there():
    address = reverse("contact-change", args=[customer(BROKER_E).pk, contact(LUO_BANK_B).pk])
    assert client_of(ADMINISTRATOR).get(address).status_code == 404


def test_letters_are_written_in_the_language_of_the_contact():
    assert "SD-1" in words_to_customer("SD-1", MONDAY, MONDAY, "en")
    assert "Your case" in words_to_customer("SD-1", MONDAY, MONDAY, "en")
    assert "Your case" not in words_to_customer("SD-1", MONDAY, MONDAY, "zh-hans")


@pytest.mark.parametrize(
    ("typed", "number", "note"),
    [
        ("13800000001 24小时值班", "13800000001", "24小时值班"),
        ("13800000001 24 小时", "13800000001", "24 小时"),
        ("010-12345678 2号楼", "010-12345678", "2号楼"),
        ("95588 1号窗口", "95588", "1号窗口"),
        ("010-12345678前台", "010-12345678", "前台"),
        ("010-12345678 转 12 前台", "010-12345678 转 12", "前台"),
    ],
)
def test_a_note_that_begins_with_a_digit_is_no_part_of_the_number(typed: str, number: str, note: str) -> None:
    assert PointsField(required=False).clean(typed) == [Point("phone", number, note)]
