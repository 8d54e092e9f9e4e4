"""A forgotten password: everybody gets the same answer, a letter goes to who may have one, and nobody ends a link."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.actions import (
    create_department,
    create_user,
    deactivate_user,
    grant_role,
    make_password_link,
    use_password_link,
)
from accounts.actions.tokens import digest_of
from accounts.actors import SYSTEM, actor_for
from accounts.models import PasswordLink, Role, User
from base.clock import now
from ledger.exceptions import NotPossible
from ledger.models import Entry, Payload
from notifications import actions, asking
from notifications.models import AskedLink, Notification, Reason
from tests.notifications.servers import MailSink
from tests.notifications.test_password_letters import NEW, secret_in

pytestmark = pytest.mark.django_db
FORGOTTEN, ASKED = "/password/forgotten/", "/password/asked/"
FIRST = "a-long-and-odd-one"
Origin = PasswordLink.Origin


@pytest.fixture(autouse=True)
def _not_counted_before() -> None:
    cache.clear()


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """One of each: with an address, without one, and gone."""
    department = create_department(actor=SYSTEM, code="D1", name="一部")

    def made(name: str, email: str = "") -> User:
        return create_user(
            actor=SYSTEM,
            username=name,
            employee_number=f"N-{name}",
            name=name,
            department=department,
            password=FIRST,
            email=email,
        )

    found = {
        "liu": made("liu", "liu@firm.example"),
        "silent": made("silent"),
        "gone": made("gone", "gone@firm.example"),
        "admin": made("gulan", "gulan@firm.example"),
    }
    grant_role(actor=SYSTEM, user=found["admin"], role=Role.ADMINISTRATOR, reason="first")
    deactivate_user(found["gone"], actor=SYSTEM, version=None)
    return found


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"accept-language": "en"})


def ask(name: str) -> None:
    actions.ask_for_link(name, address="192.0.2.7")


def refusals() -> list[tuple[str, str]]:
    """Of whom and why, as the security stream tells it."""
    found = []
    for entry in Entry.objects.filter(stream__startswith="security:").order_by("pk").select_related("payload"):
        content = Payload.objects.get(entry=entry).content
        found.append((entry.actor, content))
    return found


WHOM = {"known": "liu", "by address": "LIU@firm.example", "unknown": "nobody", "closed": "gone", "silent": "silent"}


def test_everybody_gets_the_same_answer_for_the_same_statements(
    mail_server: MailSink, people: dict[str, User], stranger: Client, count_queries: Callable[..., int]
) -> None:
    """Nothing of the account is looked at before the job: so there is no time to measure either."""
    answers, costs = set(), set()
    for name in WHOM.values():
        costs.add(count_queries(lambda name=name: stranger.post(FORGOTTEN, {"name": name})))
        answer = stranger.post(FORGOTTEN, {"name": name}, follow=True)
        answers.add((answer.redirect_chain[0], re.sub(r"\b\w{64}\b", "token", answer.content.decode())))
    assert len(answers) == 1
    assert len(costs) == 1
    assert AskedLink.objects.count() == 2 * len(WHOM)
    assert not PasswordLink.objects.exists()


LETTERS = {"known": 1, "by address": 1, "unknown": 0, "closed": 0, "silent": 0}


@pytest.mark.parametrize(("whom", "letters"), LETTERS.items())
def test_a_letter_goes_to_an_open_account_with_an_address(
    mail_server: MailSink, people: dict[str, User], whom: str, letters: int
) -> None:
    ask(WHOM[whom])
    assert actions.deliver_due(now()) == letters
    assert len(mail_server.mails) == letters
    assert not AskedLink.objects.exists()
    if letters:
        secret = secret_in(mail_server.mails[0].get_content())
        assert use_password_link(digest_of(secret), password=NEW).username == "liu"


def test_the_person_s_chain_tells_who_asked_and_the_security_stream_of_the_rest(
    mail_server: MailSink, people: dict[str, User]
) -> None:
    for name in WHOM.values():
        ask(name)
    actions.deliver_due(now())
    told = Entry.objects.get(stream=people["liu"].stream, action="ask_password_link")
    assert told.actor == "address:192.0.2.7"
    link = PasswordLink.objects.get()
    assert (link.origin, link.user) == (Origin.ASKED, people["liu"])
    codes = ("link_open", "account_unknown", "account_closed", "account_without_address")
    contents = refusals()
    assert [(actor, code in content) for (actor, content), code in zip(contents, codes, strict=True)] == [
        ("address:192.0.2.7", True)
    ] * 4
    assert not any("nobody" in content for _actor, content in contents)


def test_what_was_typed_is_kept_sealed(people: dict[str, User], mail_server: MailSink) -> None:
    ask("maybe-my-password")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notifications_askedlink")
        assert "maybe-my-password" not in repr(cursor.fetchall())


def test_asking_for_somebody_ends_neither_the_printed_link_nor_an_asked_one(
    mail_server: MailSink, people: dict[str, User]
) -> None:
    _link, printed = make_password_link(people["liu"], actor=actor_for(people["admin"]))
    for _each in range(3):
        ask("liu")
        actions.deliver_due(now())
    assert len(mail_server.mails) == 1
    assert PasswordLink.objects.filter(user=people["liu"], ended_at=None).count() == 2
    assert use_password_link(digest_of(printed), password=NEW)
    mailed = secret_in(mail_server.mails[0].get_content())
    with pytest.raises(NotPossible):
        use_password_link(digest_of(mailed), password="Andere-Wege-88")


def test_a_new_link_of_an_administrator_ends_the_asked_one(mail_server: MailSink, people: dict[str, User]) -> None:
    ask("liu")
    actions.deliver_due(now())
    make_password_link(people["liu"], actor=actor_for(people["admin"]))
    with pytest.raises(NotPossible):
        use_password_link(digest_of(secret_in(mail_server.mails[0].get_content())), password=NEW)


def test_after_an_hour_it_opens_nothing_and_another_may_be_asked_for(
    mail_server: MailSink, people: dict[str, User], clock: Any
) -> None:
    clock.set(now())
    ask("liu")
    actions.deliver_due(now())
    clock.advance(minutes=59)
    ask("liu")
    actions.deliver_due(now())
    assert len(mail_server.mails) == 1
    clock.advance(minutes=1)
    with pytest.raises(NotPossible):
        use_password_link(digest_of(secret_in(mail_server.mails[0].get_content())), password=NEW)
    ask("liu")
    actions.deliver_due(now())
    assert use_password_link(digest_of(secret_in(mail_server.mails[1].get_content())), password=NEW)


def test_a_letter_that_was_lost_may_be_asked_for_again_at_once(mail_server: MailSink, people: dict[str, User]) -> None:
    mail_server.answers["liu@firm.example"] = "550 mailbox full"
    ask("liu")
    actions.deliver_due(now())
    assert Notification.objects.get(event="password.link").reason == Reason.REFUSED
    mail_server.answers.clear()
    ask("liu")
    assert actions.deliver_due(now()) == 1


def test_asking_again_and_again_for_an_address_that_refuses_fills_nothing(
    mail_server: MailSink, people: dict[str, User]
) -> None:
    mail_server.answers["liu@firm.example"] = "550 mailbox full"
    for _again in range(6):
        ask("liu")
        actions.deliver_due(now())
    assert Notification.objects.filter(event="password.link").count() == asking.TRIES


def test_colleagues_who_share_an_address_get_a_letter_each(mail_server: MailSink, people: dict[str, User]) -> None:
    User.objects.filter(username="gulan").update(email="liu@firm.example")
    ask("liu@firm.example")
    actions.deliver_due(now())
    assert sorted("gulan" in mailed.get_content() for mailed in mail_server.mails) == [False, True]


def test_a_question_that_nobody_answered_for_an_hour_is_dropped(
    mail_server: MailSink, people: dict[str, User], clock: Any
) -> None:
    clock.set(now())
    ask("liu")
    clock.advance(minutes=61)
    assert actions.deliver_due(now()) == 0
    assert not AskedLink.objects.exists()


def test_one_question_that_fails_holds_up_no_other(
    mail_server: MailSink, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("liu")
    ask("gulan")
    real = asking._send

    def fails_once(person: User, *rest: Any) -> int:
        if person.username == "liu":
            raise RuntimeError("broken")
        return real(person, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(asking, "_send", fails_once)
        actions.deliver_due(now())
    assert [mailed["To"].addresses[0].addr_spec for mailed in mail_server.mails] == ["gulan@firm.example"]
    actions.deliver_due(now())
    assert len(mail_server.mails) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_answer_a_question_once(mail_server: MailSink, people: dict[str, User]) -> None:
    ask("liu")

    def work() -> None:
        try:
            actions.answer_asked()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _each in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert PasswordLink.objects.count() == 1


def test_without_a_mail_server_the_page_says_whom_to_ask_and_has_no_form(
    people: dict[str, User], stranger: Client, settings: Any
) -> None:
    settings.OUTGOING = False
    shown = stranger.get(FORGOTTEN).content.decode()
    assert "Ask an administrator" in shown
    assert 'name="name"' not in shown
    assert stranger.post(FORGOTTEN, {"name": "liu"}).status_code == 422
    assert not AskedLink.objects.exists()


def test_the_sign_in_page_leads_there_and_an_empty_line_is_asked_for_again(
    mail_server: MailSink, people: dict[str, User], stranger: Client
) -> None:
    assert f'href="{FORGOTTEN}"' in stranger.get(reverse("sign-in")).content.decode()
    answer = stranger.post(FORGOTTEN, {"name": " "})
    assert answer.status_code == 422
    assert not AskedLink.objects.exists()


def test_one_address_asks_so_often_and_is_then_told_what_to_do(
    mail_server: MailSink, people: dict[str, User], stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.views.forgotten.Asking.rate", "2/hour", raising=False)
    answers = [stranger.post(FORGOTTEN, {"name": f"n{number}"}).status_code for number in range(3)]
    assert answers == [302, 302, 429]
    assert "Wait an hour, or ask an administrator" in stranger.post(FORGOTTEN, {"name": "x"}).content.decode()
    assert Client(REMOTE_ADDR="192.0.2.9").post(FORGOTTEN, {"name": "n"}).status_code == 302
    assert [("too_often" in content) for _actor, content in refusals()] == [True, True]


def test_one_account_is_asked_for_so_often_from_everywhere(
    mail_server: MailSink, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.views.forgotten.AskingFor.rate", "2/hour", raising=False)
    for name in ("liu", "nobody"):
        answers = [
            Client(REMOTE_ADDR=f"192.0.2.{number}").post(FORGOTTEN, {"name": name}).status_code for number in range(3)
        ]
        assert answers == [302, 302, 429], name


def test_who_asks_beyond_the_rate_of_an_address_uses_up_the_questions_of_nobody_else(
    mail_server: MailSink, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.views.forgotten.Asking.rate", "1/hour", raising=False)
    monkeypatch.setattr("notifications.views.forgotten.AskingFor.rate", "2/hour", raising=False)
    flood = Client(REMOTE_ADDR="203.0.113.9")
    assert [flood.post(FORGOTTEN, {"name": name}).status_code for name in ("nobody", *["liu"] * 3)] == [302, *[429] * 3]
    assert Client(REMOTE_ADDR="192.0.2.9").post(FORGOTTEN, {"name": "liu"}).status_code == 302


def test_the_pages_behind_a_link_count_by_address_and_by_link(
    people: dict[str, User], stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _link, secret = make_password_link(people["liu"], actor=actor_for(people["admin"]))
    stranger.get(reverse("password-link", args=[secret]))
    monkeypatch.setattr("accounts.rates.LinkTries.rate", "2/hour", raising=False)
    weak = {"new_password1": "12345", "new_password2": "12345"}
    answers = [stranger.post(reverse("password-set"), weak) for _each in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert "Wait a few minutes" in answers[-1].content.decode()
    assert use_password_link(digest_of(secret), password=NEW)
    monkeypatch.setattr("accounts.rates.LinkPages.rate", "1/hour", raising=False)
    cache.clear()
    looks = [stranger.get(reverse("password-link", args=["guess"])).status_code for _each in range(2)]
    assert looks == [302, 429]


def test_a_password_set_by_a_link_opens_a_locked_account(
    mail_server: MailSink, people: dict[str, User], stranger: Client, settings: Any
) -> None:
    settings.AXES_ENABLED = True
    for _each in range(5):
        stranger.post("/sign-in/", {"username": "liu", "password": "wrong-every-time"})
    assert AccessAttempt.objects.exists()
    ask("liu")
    actions.deliver_due(now())
    use_password_link(digest_of(secret_in(mail_server.mails[0].get_content())), password=NEW)
    assert stranger.post("/sign-in/", {"username": "liu", "password": NEW}).status_code == 302
