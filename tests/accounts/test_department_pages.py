"""The pages of departments."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import change_department, create_department
from accounts.actors import SYSTEM
from accounts.models import Department

from .conftest import signed_in

pytestmark = pytest.mark.django_db
TYPED = {"code": "D77", "name": "托管部", "name_en": "Custody", "kind": "business", "description": "托管\n清算"}


@pytest.fixture
def admin(firm, at_nine) -> Client:
    return signed_in(firm["admin"])


def _made(code="D77", name="托管部") -> Department:
    return create_department(actor=SYSTEM, code=code, name=name)


def test_a_department_is_entered_and_found(admin):
    answer = admin.post(reverse("department-new"), TYPED, follow=True)
    assert "Custody is entered" in answer.content.decode()
    found = Department.objects.get(code="D77")
    assert (found.name, found.name_en, found.description.split()) == ("托管部", "Custody", ["托管", "清算"])
    for text, there in (("d77", True), ("托管", True), ("custo", True), ("nobody", False)):
        page = admin.get(reverse("departments"), {"q": text}).content.decode()
        assert (reverse("department", args=[found.pk]) in page) is there
    assert "No department fits" in page


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(admin):
    _made(code="d77", name="别的部")
    answer = admin.post(reverse("department-new"), TYPED)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "d77 of 别的部 looks like it." in page
    assert 'value="Custody"' in page


def test_two_people_on_one_department_see_both_versions(admin):
    found = _made()
    change_department(found, actor=SYSTEM, version=1, name="托管业务部")
    typed = {**TYPED, "name": "资产托管部", "version": "1"}
    answer = admin.post(reverse("department-change", args=[found.pk]), typed)
    assert answer.status_code == 412
    assert "托管业务部" in answer.content.decode()
    assert "资产托管部" in answer.content.decode()
    answer = admin.post(
        reverse("department-change", args=[found.pk]), {**typed, "version": "2", "choose-name": "theirs"}
    )
    assert answer.status_code == 302
    found.refresh_from_db()
    assert (found.name, found.name_en) == ("托管业务部", "Custody")


def test_a_department_with_people_is_not_ended_and_says_what_is_left(admin, firm):
    found = firm.department
    answer = admin.post(reverse("department-end", args=[found.pk]), {"on": "2026-12-31", "version": found.version})
    assert answer.status_code == 422
    assert "belong to it. Give them another department first." in answer.content.decode()


def test_an_empty_one_is_ended_and_reopened(admin):
    found = _made()
    address = reverse("department", args=[found.pk])
    assert admin.post(reverse("department-end", args=[found.pk]), {"on": "2026-12-31", "version": 1}).url == address
    assert "Ends on 2026-12-31" in admin.get(address).content.decode()
    assert admin.post(reverse("department-reopen", args=[found.pk]), {"version": 2}).url == address
    assert "In use" in admin.get(address).content.decode()
    assert admin.post(reverse("department-reopen", args=[found.pk]), {"version": 3}).status_code == 409


@pytest.mark.parametrize("day", ["", "soon", "0001-01-01", "9999-12-31"])
def test_a_last_day_that_is_none_is_told(admin, day):
    found = _made()
    answer = admin.post(reverse("department-end", args=[found.pk]), {"on": day, "version": 1})
    assert answer.status_code == 422


def test_the_list_costs_the_same_however_many_there_are(admin, count_queries):
    few = count_queries(lambda: admin.get(reverse("departments")))
    for at in range(12):
        _made(f"X{at}", f"部{at}")
    assert count_queries(lambda: admin.get(reverse("departments"))) == few


def test_more_than_a_page_goes_on(admin):
    for at in range(30):
        _made(f"X{at:02}", f"部{at}")
    page = admin.get(reverse("departments"))
    assert admin.get(page.context["next_url"]).context["rows"]
