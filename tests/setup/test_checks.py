"""What a desk still lacks is told with what follows from it, and settled by the data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.actions import change_contact, create_customer, create_department, create_user, end_grant
from accounts.actors import SYSTEM
from accounts.models import Contact, Department, Role, RoleGrant
from base.clock import now
from ledger.exceptions import Invalid, NotPermitted
from notifications.models import Notification
from setup.actions import confirm_operation, watch_vacancies
from setup.checks import Card, cards
from setup.models import Confirmation
from setup.queries import standing
from tests import small_firm
from tests.firm import sign_in
from tests.scenes import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm(clock: Any) -> None:
    clock.set(MONDAY)
    small_firm.fill()


def shown(key: str) -> list[str]:
    card: Card = next(card for card in cards(standing()) if card.key == key)
    return [finding.sentence for finding in card.findings]


def unsettled() -> set[str]:
    """What waits for somebody's word."""
    return {finding.confirms for card in cards(standing()) for finding in card.findings} - {""}


def end(role: Role) -> None:
    grant = RoleGrant.objects.filter(role=role).first()
    assert grant is not None
    end_grant(grant, actor=SYSTEM, version=None, on=(now() - timedelta(days=1)).date())


def a_customer(**values: Any) -> None:
    create_customer(actor=SYSTEM, code="K02", name="远山基金", department=Department.objects.get(code="OPS"), **values)


def begun_earlier() -> None:
    """Grants began long ago, so that they can be ended with yesterday."""
    RoleGrant.objects.update(starts_on=(now() - timedelta(days=30)).date())


@pytest.mark.parametrize("role", [Role.DEPARTMENT_HEAD, Role.CUSTODIAN, Role.DUTY_DESK])
def test_a_department_without_a_holder_says_what_follows(role: Role) -> None:
    assert shown("departments") == []
    begun_earlier()
    end(role)
    assert shown("departments") == [f"运营支持部: nobody is {role.label}"]


@pytest.mark.parametrize(
    "role",
    [
        Role.RISK_CONTROL,
        Role.PROBLEM_MANAGER,
        Role.COMPLAINT_OWNER,
        Role.SECURITY_OFFICER,
        Role.SALES,
        Role.AUDITOR,
        Role.MANAGEMENT,
        Role.DOCUMENT_OWNER,
    ],
)
def test_a_role_of_the_firm_without_a_holder_is_told(role: Role) -> None:
    begun_earlier()
    assert f"Nobody is {role.label}" not in shown("people")
    end(role)
    assert f"Nobody is {role.label}" in shown("people")


def test_a_person_without_a_password_and_one_without_proof_are_told() -> None:
    create_user(
        actor=SYSTEM, username="new", employee_number="N", name="新人", department=Department.objects.get(code="OPS")
    )
    assert "新人 has no password yet" in shown("people")
    assert "程默 serves customers without a proof of qualification in force" in shown("people")


def test_a_customer_without_anything_lacks_desk_contact_and_contract() -> None:
    assert (shown("customers"), shown("contracts")) == ([], [])
    a_customer()
    assert shown("customers") == ["远山基金 has no service desk", "远山基金 has no contact"]
    assert shown("contracts") == ["远山基金 has no contract in force"]


def test_a_customer_outside_of_the_scope_lacks_nothing() -> None:
    a_customer(in_service_scope=False)
    assert (shown("customers"), shown("contracts")) == ([], [])


def test_a_contact_without_the_right_to_confirm_is_not_enough() -> None:
    contact = Contact.objects.get()
    change_contact(contact, actor=SYSTEM, version=None, may_confirm=False)
    assert shown("customers") == ["星野信托有限公司 has no contact who may confirm"]


def test_what_only_a_person_knows_is_settled_by_a_word_that_counts_for_a_year(clock: Any) -> None:
    admin = small_firm.staff(small_firm.ADMINISTRATOR)
    assert unsettled() == {"backup", "keys", "calendar"}
    for kind in Confirmation.Kind.values:
        confirm_operation(kind, actor=admin, remark="已查看")
    assert unsettled() == set()
    clock.advance(days=367)
    assert unsettled() == {"backup", "keys", "calendar"}


def test_only_an_administrator_confirms_and_only_what_is_asked() -> None:
    with pytest.raises(NotPermitted):
        confirm_operation("backup", actor=small_firm.staff("luqingyue"))
    admin = small_firm.staff(small_firm.ADMINISTRATOR)
    with pytest.raises(Invalid):
        confirm_operation("weather", actor=admin)
    with pytest.raises(Invalid):
        confirm_operation("backup", actor=admin, remark="长" * 201)
    assert not Confirmation.objects.exists()


def test_a_head_sees_the_own_department_and_not_how_the_desk_is_run() -> None:
    create_department(actor=SYSTEM, code="OPS2", name="运营二部")
    head = Client()
    sign_in(head, small_firm.user("luqingyue"))
    page = head.get("/settings/setup/")
    assert [card.key for card in page.context["cards"]] == ["departments", "people", "customers", "contracts"]
    assert "运营二部" not in page.content.decode()


def test_the_page_confirms_by_a_click(client: Client) -> None:
    sign_in(client, small_firm.user(small_firm.ADMINISTRATOR))
    assert client.get("/settings/setup/").status_code == 200
    assert client.post("/settings/setup/confirm/backup/", follow=True).status_code == 200
    assert unsettled() == {"keys", "calendar"}


def test_looking_costs_the_same_however_much_there_is(count_queries: Callable[[Callable[[], object]], int]) -> None:
    before = count_queries(lambda: cards(standing()))
    unit = Department.objects.get(code="OPS")
    for number in range(5):
        create_customer(actor=SYSTEM, code=f"X{number}", name=f"客户{number}", department=unit)
        create_department(actor=SYSTEM, code=f"D{number}", name=f"部门{number}")
    assert count_queries(lambda: cards(standing())) == before <= 18


def test_the_command_says_the_same_and_fails_while_a_step_is_blocked(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_setup")
    assert "There is one administrator only" in capsys.readouterr().out
    a_customer()
    with pytest.raises(SystemExit):
        call_command("check_setup", language="zh-hans")
    assert "远山基金" in capsys.readouterr().out


def vacancies() -> list[tuple[str, str]]:
    found = Notification.objects.filter(event__startswith="vacancy.", channel="in_app").order_by("pk")
    return [(each.event, each.user.username) for each in found if each.user]


def test_a_vacancy_is_told_to_the_head_once_a_week(clock: Any) -> None:
    assert watch_vacancies() == 0
    begun_earlier()
    end(Role.CUSTODIAN)
    assert watch_vacancies() == 1
    assert watch_vacancies() == 0
    assert vacancies() == [("vacancy.custodian", "luqingyue")]
    clock.advance(days=7)
    assert watch_vacancies() == 1


def test_without_a_head_the_administrator_is_told() -> None:
    begun_earlier()
    end(Role.DEPARTMENT_HEAD)
    watch_vacancies()
    assert vacancies() == [("vacancy.department_head", small_firm.ADMINISTRATOR)]
