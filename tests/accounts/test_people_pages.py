"""The pages of people and their roles."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import change_user, create_customer, deactivate_user, delegate, end_grant, grant_role
from accounts.actors import SYSTEM
from accounts.models import Customer, Role, RoleGrant, User

from .conftest import person, signed_in

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "欧阳明远",
    "name_en": "Ouyang Mingyuan",
    "username": "ouyang",
    "employee_number": "N77",
    "title": "项目经理",
    "mobile": "+86 138-0000-7777",
    "email": "ouyang@example.com",
    "language": "zh-hans",
}


@pytest.fixture
def admin(firm, at_nine) -> Client:
    return signed_in(firm["admin"])


def page_of(user) -> str:
    return reverse("person", args=[user.pk])


def test_somebody_new_gets_an_account_and_then_roles(admin, firm):
    answer = admin.post(reverse("person-new"), {**TYPED, "department": firm.department.pk})
    made = User.objects.get(username="ouyang")
    assert answer.url == page_of(made)
    assert not made.has_usable_password()
    for number in "12":
        create_customer(actor=SYSTEM, code=f"C1{number}", name=f"客户{number}", department=firm.department)
    address = reverse("person-grant", args=[made.pk])
    offered = admin.get(f"{address}?way=customers").context["form"].fields["customers"].queryset
    assert [each.code for each in offered] == ["C11", "C12"]
    given = {"customers": [each.pk for each in offered], "starts_on": "2026-11-23", "reason": "项目经理"}
    assert admin.post(f"{address}?way=customers", given).url == page_of(made)
    assert RoleGrant.objects.filter(user=made, role=Role.SERVICE_DESK).count() == 2


def test_before_the_first_customer_the_form_says_what_comes_first(admin, firm):
    Customer.objects.update(in_service_scope=False)
    page = admin.get(f"{reverse('person-grant', args=[firm['clerk'].pk])}?way=customers").content.decode()
    assert "No customers yet. Enter one first" in page


@pytest.mark.parametrize(
    ("way", "roles"),
    [("head", {Role.DEPARTMENT_HEAD}), ("duty", {Role.DUTY_DESK, Role.CUSTODIAN})],
)
def test_the_roles_of_a_department_are_given_together(admin, firm, way, roles):
    address = reverse("person-grant", args=[firm["clerk"].pk])
    given = {"department": firm.other_department.pk, "starts_on": "2026-11-23", "reason": "任命"}
    assert admin.post(f"{address}?way={way}", given).status_code == 302
    assert set(RoleGrant.objects.filter(user=firm["clerk"]).values_list("role", flat=True)) == roles


@pytest.mark.parametrize(
    ("role", "scope", "field"),
    [
        ("auditor", "customer", "customer"),
        ("administrator", "department", "department"),
        ("department_head", "", "department"),
        ("service_desk", "", "customer"),
    ],
)
def test_a_role_with_the_wrong_scope_says_so_at_the_field(admin, firm, role, scope, field):
    scopes = {"customer": firm.customer.pk, "department": firm.department.pk}
    given = {"role": role, "starts_on": "2026-11-23", "reason": "任命", scope: scopes.get(scope, "")}
    answer = admin.post(f"{reverse('person-grant', args=[firm['clerk'].pk])}?way=role", given)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "任命" in answer.content.decode()


def test_a_role_that_somebody_holds_names_the_holder(admin, firm):
    given = {"department": firm.department.pk, "starts_on": "2026-11-23", "reason": "任命"}
    answer = admin.post(f"{reverse('person-grant', args=[firm['clerk'].pk])}?way=head", given)
    assert answer.status_code == 422
    assert "Head holds this role. End that grant first" in answer.content.decode()


def test_the_own_roles_are_not_offered(admin, firm):
    assert reverse("person-grant", args=[firm["admin"].pk]) not in admin.get(page_of(firm["admin"])).content.decode()
    assert admin.get(reverse("person-grant", args=[firm["admin"].pk])).status_code == 403


def test_a_page_shows_who_held_what(admin, firm, clock, at_nine):
    grant = RoleGrant.objects.get(user=firm["desk"])
    end_grant(grant, actor=SYSTEM, version=None, on=date(2026, 11, 24))
    grant_role(actor=SYSTEM, user=firm["desk"], role=Role.AUDITOR, reason="次年审核", starts_on=date(2027, 1, 1))
    clock.set(at_nine + timedelta(days=3))
    lines = admin.get(page_of(firm["desk"])).context["roles"]
    assert [(line.role, line.mark[0], line.runs) for line in lines] == [
        ("Auditor", "To come", True),
        ("Service desk", "Ended", False),
    ]


def test_the_last_administrator_is_told_on_the_form(admin, firm):
    grant_role(actor=SYSTEM, user=firm["clerk"], role=Role.ADMINISTRATOR, reason="临时", ends_on=date(2026, 12, 31))
    other = signed_in(firm["clerk"])
    grant = RoleGrant.objects.get(user=firm["admin"])
    answer = other.post(reverse("grant-end", args=[grant.pk]), {"ends_on": "2026-12-01", "version": grant.version})
    assert answer.status_code == 422
    assert "Nobody would be administrator any more." in answer.content.decode()


def test_a_role_is_handed_on_by_its_page(admin, firm):
    grant = RoleGrant.objects.get(user=firm["desk"])
    typed = {"successor": firm["clerk"].pk, "starts_on": "2026-11-24", "reason": "调岗", "version": grant.version}
    assert admin.post(reverse("grant-successor", args=[grant.pk]), typed).url == page_of(firm["desk"])
    assert RoleGrant.objects.get(user=firm["clerk"]).customer == firm.customer


def test_two_on_one_person_see_both_versions(admin, firm):
    user = firm["clerk"]
    change_user(user, actor=SYSTEM, version=user.version, title="主管")
    typed = {**TYPED, "name": "甲", "title": "经理", "department": firm.department.pk, "version": user.version}
    answer = admin.post(reverse("person-change", args=[user.pk]), typed)
    assert answer.status_code == 412
    assert "主管" in answer.content.decode()


def test_a_closed_account_is_opened_again_without_its_password(admin, firm):
    gone = deactivate_user(firm["clerk"], actor=SYSTEM, version=None)
    assert reverse("person-reopen", args=[gone.pk]) in admin.get(page_of(gone)).content.decode()
    assert admin.post(reverse("person-reopen", args=[gone.pk]), {"version": gone.version}).url == page_of(gone)
    gone.refresh_from_db()
    assert gone.is_active
    assert not gone.has_usable_password()


def test_a_proof_of_skill_is_kept(admin, firm):
    address = reverse("person-qualify", args=[firm["desk"].pk])
    proof = {"kind": "desk", "evidence": "ITIL 证书", "obtained_on": "2026-01-01", "expires_on": "2026-06-30"}
    assert admin.post(address, proof).url == page_of(firm["desk"])
    assert "Expired" in admin.get(page_of(firm["desk"])).content.decode()
    wrong = admin.post(address, {**proof, "expires_on": "2025-06-30"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "clerk"}, {"clerk"}),
        ({"q": "N-de"}, {"desk", "deputy"}),
        ({"q": "139-0000 5555"}, {"clerk"}),
        ({"role": "administrator"}, {"admin"}),
        ({"state": "left"}, {"gone"}),
        ({"state": "all", "q": "gone"}, {"gone"}),
        ({"state": "odd", "role": "odd", "department": "odd", "q": "gone"}, set()),
    ],
)
def test_people_are_found_by_what_is_known_of_them(admin, firm, asked, found):
    change_user(firm["clerk"], actor=SYSTEM, version=None, mobile="139 0000 5555")
    deactivate_user(person("gone", firm.department), actor=SYSTEM, version=None)
    rows = admin.get(reverse("people"), asked).context["rows"]
    assert {each.username for each, _roles in rows} == found


def test_a_department_is_a_filter(admin, firm):
    person("other", firm.other_department)
    rows = admin.get(reverse("people"), {"department": firm.other_department.pk}).context["rows"]
    assert [each.username for each, _roles in rows] == ["other"]


def test_a_head_sees_the_own_department_and_changes_nothing(firm, at_nine):
    stranger, head = person("other", firm.other_department), signed_in(firm["head"])
    rows = head.get(reverse("people")).context["rows"]
    assert "other" not in {each.username for each, _roles in rows}
    assert head.get(page_of(firm["desk"])).status_code == 200
    assert head.get(page_of(stranger)).status_code == 404
    assert head.get(reverse("person-change", args=[firm["desk"].pk])).status_code == 403
    assert signed_in(firm["clerk"]).get(reverse("people")).status_code == 403


def test_pages_cost_the_same_however_much_there_is(admin, firm, at_nine, count_queries):
    costs = [[], []]
    for cost in costs:
        for address in (reverse("people"), page_of(firm["head"])):
            cost.append(count_queries(lambda address=address: admin.get(address)))
        for at in range(3):
            grant_role(
                actor=SYSTEM,
                user=firm["head"],
                role=(Role.AUDITOR, Role.SALES, Role.MANAGEMENT)[at],
                reason="更多",
                department=firm.department if cost is costs[0] else firm.other_department,
            )
            at_most = {"starts_at": at_nine, "ends_at": at_nine + timedelta(days=at + 1), "reason": "假"}
            delegate(actor=SYSTEM, role=Role.DEPARTMENT_HEAD, from_user=firm["head"], to_user=firm["deputy"], **at_most)
            person(f"n{at}{len(costs[1])}", firm.department)
    assert costs[0] == costs[1]
