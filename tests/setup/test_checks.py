"""What a desk still lacks is told with what follows from it, and settled by the data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.actions import change_contact, create_customer, create_department, create_user, end_grant
from accounts.actors import SYSTEM, local_day
from accounts.models import Contact, Department, Role, RoleGrant
from base.clock import now
from knowledge.actions import expire_overdue, publish, withdraw
from knowledge.models import KnowledgeArticle
from ledger.exceptions import Invalid, NotPermitted
from notifications.actions import Setting, create_bot
from notifications.actions import test_bot as try_bot
from notifications.models import Bot, Notification, Reason
from setup.actions import confirm_operation, watch_vacancies
from setup.checks import Card, cards
from setup.models import Confirmation
from setup.queries import standing
from tests import small_firm
from tests.firm import sign_in
from tests.scenes import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm(filled: None, db: None, clock: Any) -> None:
    clock.set(MONDAY)


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
        article(f"KB-{number}", ends=number)
        article(f"KB-9{number}", ends=-number - 1)
        robot(f"机器人{number}")
        create_department(actor=SYSTEM, code=f"D{number}", name=f"部门{number}")
    assert count_queries(lambda: cards(standing())) == before <= 20


def robot(name: str) -> Bot:
    setting = Setting(
        name=name,
        department=Department.objects.get(code="OPS"),
        kinds=["warning"],
        levels=[1],
        address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    )
    return create_bot(actor=small_firm.staff(small_firm.ADMINISTRATOR), product="wecom", setting=setting)


def ended(message: Notification, status: str, **columns: Any) -> None:
    """The message has been on its way."""
    values = {"status": status, "next_attempt_at": None, **columns}
    Notification.objects.filter(pk=message.pk).update(**values)


def article(code: str, *, ends: int) -> KnowledgeArticle:
    """Published, with its last day so many days from today."""
    words = {"title": code, "categories": ["BIZ-01"], "keywords": [], "symptom": "少一页", "solution_steps": ["补寄"]}
    by = {"author": small_firm.user("chengmo"), "reviewer": small_firm.user("luqingyue")}
    return publish(actor=SYSTEM, code=code, **words, **by, valid_until=local_day(now()) + timedelta(days=ends))


def test_a_robot_that_was_tried_by_hand_counts_once_its_message_arrived() -> None:
    made = robot("值班群")
    untried = "The robot 值班群 has not been tried"
    assert untried in shown("channels")
    tried = small_firm.staff(small_firm.ADMINISTRATOR)
    message = try_bot(made.pk, actor=tried)
    assert untried in shown("channels")
    ended(message, "dead", reason=Reason.REFUSED)
    assert untried not in shown("channels")
    assert "The robot 值班群 was tried, and nothing arrived: The server refused it" in shown("channels")
    ended(try_bot(made.pk, actor=tried), "sent", sent_at=now())
    assert not any("值班群" in sentence for sentence in shown("channels"))


def test_a_robot_leads_to_the_page_on_which_it_is_tried() -> None:
    made = robot("值班群")
    card = next(card for card in cards(standing()) if card.key == "channels")
    [finding] = [finding for finding in card.findings if "值班群" in finding.sentence]
    assert finding.address == f"/settings/channels/{made.pk}/"
    assert not finding.grave


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (31, []),
        (30, ["1 article expires within 30 days: KB-1"]),
        (0, ["1 article expires within 30 days: KB-1"]),
        (-1, ["1 article has expired: KB-1"]),
    ],
)
def test_articles_that_end_or_have_ended_are_told(ends: int, told: list[str]) -> None:
    article("KB-0", ends=400)
    article("KB-1", ends=ends)
    assert shown("knowledge") == told


def test_an_article_whose_day_passed_before_the_expiry_ran_and_one_withdrawn(clock: Any) -> None:
    kept, gone = article("KB-1", ends=1), article("KB-2", ends=1)
    clock.advance(days=2)
    withdraw(gone.pk, actor=small_firm.staff("luqingyue"), version=None, remark="过时")
    assert shown("knowledge") == ["1 article has expired: KB-1"]
    expire_overdue(now())
    kept.refresh_from_db()
    assert kept.status == "expired"
    assert "1 article has expired: KB-1" in shown("knowledge")


def test_of_many_articles_the_first_five_are_named_and_the_command_says_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for number in range(7):
        article(f"KB-{number}", ends=number)
    sentence = "7 articles expire within 30 days: KB-0, KB-1, KB-2, KB-3, KB-4…"
    assert shown("knowledge") == [sentence]
    call_command("check_setup")
    assert sentence in capsys.readouterr().out
    call_command("check_setup", language="zh-hans")
    assert "7 条知识条目将在 30 天内到期：KB-0、KB-1" in capsys.readouterr().out


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
