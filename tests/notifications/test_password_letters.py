"""A password link by mail: who may send one, what the letter says, and that its secret stands nowhere afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.actions import (
    change_user,
    create_department,
    create_user,
    deactivate_user,
    grant_role,
    make_password_link,
    use_password_link,
)
from accounts.actions.tokens import digest_of
from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import PasswordLink, Role, User
from base.clock import now
from ledger.exceptions import NotPermitted, NotPossible
from ledger.models import Entry, Payload
from ledger.verification import verify
from ledger.verification.rows import compare
from notifications import actions
from notifications.delivery import smtp
from notifications.models import Enclosure, Notification, Reason
from notifications.proof import delivery_faults
from tests.firm.people import sign_in
from tests.notifications.servers import MailSink

pytestmark = pytest.mark.django_db
Status = Notification.Status
NEW = "Weite-Wege-77"


def _person(name: str, **values: object) -> User:
    department = values.pop("department", None) or create_department(actor=SYSTEM, code=f"D-{name}", name=f"部{name}")
    return create_user(
        actor=SYSTEM, username=name, employee_number=f"N-{name}", name=name, department=department, **values
    )


@pytest.fixture
def admin(db: None) -> User:
    made = _person("gulan")
    grant_role(actor=SYSTEM, user=made, role=Role.ADMINISTRATOR, reason="first")
    return made


@pytest.fixture
def newcomer(db: None) -> User:
    return _person("liu", email="liu@firm.example", language="zh-hans")


def sent(person: User, by: User) -> PasswordLink:
    return actions.send_password_link(person, actor=actor_for(by))


def letter_of(link: PasswordLink) -> Notification:
    return Notification.objects.get(stream=link.stream)


def secret_in(text: str) -> str:
    found = re.search(r"/password/link/([\w-]+)/", text)
    assert found is not None
    return found[1]


def everything_kept() -> str:
    """All that stands in the database, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return repr(rows)


def test_the_letter_carries_the_one_open_link_and_the_desk_forgets_it(
    mail_server: MailSink, admin: User, newcomer: User, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://desk.example"
    link = sent(newcomer, admin)
    assert Enclosure.objects.get().sealed not in ("", None)
    assert actions.deliver_due(now()) == 1
    [mailed] = mail_server.mails
    secret = secret_in(mailed.get_content())
    assert f"https://desk.example/password/link/{secret}/" in mailed.get_content()
    assert not Enclosure.objects.exists()
    assert secret not in everything_kept()
    assert use_password_link(digest_of(secret), password=NEW).pk == newcomer.pk
    assert compare(PasswordLink.objects.get(pk=link.pk)) is None
    assert list(verify([link.stream, newcomer.stream])) == []
    assert list(delivery_faults()) == []


def test_it_goes_in_the_language_of_the_person(mail_server: MailSink, admin: User, newcomer: User) -> None:
    english = _person("smith", email="smith@firm.example", language="en", department=newcomer.department)
    for person in (newcomer, english):
        sent(person, admin)
    actions.deliver_due(now())
    subjects = {mailed["To"].addresses[0].addr_spec: mailed["Subject"] for mailed in mail_server.mails}
    assert subjects == {
        "liu@firm.example": "设置您的服务台密码",
        "smith@firm.example": "Set your password for the service desk",
    }


def test_while_it_waits_the_secret_is_sealed_and_the_ledger_has_neither(
    mail_server: MailSink, admin: User, newcomer: User
) -> None:
    link = sent(newcomer, admin)
    sealed = Enclosure.objects.get().sealed
    actions.deliver_due(now())
    secret = secret_in(mail_server.mails[0].get_content())
    assert secret not in sealed
    contents = " ".join(Payload.objects.values_list("content", flat=True))
    assert secret not in contents
    assert sealed not in contents
    acts = list(Entry.objects.filter(stream=link.stream).order_by("sequence").values_list("action", "actor"))
    assert acts == [("make_password_link", admin.stream), ("send_password_link", admin.stream)]


def test_one_letter_a_link_and_none_twice(mail_server: MailSink, admin: User, newcomer: User) -> None:
    sent(newcomer, admin)
    assert [actions.deliver_due(now()) for _each in range(3)] == [1, 0, 0]
    assert len(mail_server.mails) == 1


def test_a_retried_letter_has_the_same_link(
    mail_server: MailSink, admin: User, newcomer: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server took the letter, and nobody heard of it: both letters that arrive must open."""
    clock.set(now())
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    mail_server.slow = 0.5
    link = sent(newcomer, admin)
    assert actions.deliver_due(now()) == 0
    assert letter_of(link).reason == Reason.SLOW
    assert Enclosure.objects.exists()
    mail_server.slow = 0
    monkeypatch.setattr(smtp, "TIMEOUT", 5.0)
    clock.advance(minutes=1)
    assert actions.deliver_due(now()) == 1
    assert len({secret_in(mailed.get_content()) for mailed in mail_server.mails}) == 1
    assert use_password_link(digest_of(secret_in(mail_server.mails[-1].get_content())), password=NEW)


def test_a_worker_that_is_killed_after_sending_sends_the_same_again(
    mail_server: MailSink, admin: User, newcomer: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(now())
    sent(newcomer, admin)
    with monkeypatch.context() as killed:
        killed.setattr("notifications.delivery.mail.note", lambda _results: 0)
        actions.deliver_due(now())
    assert Enclosure.objects.exists()
    clock.advance(minutes=3)
    assert actions.deliver_due(now()) == 1
    first, second = (secret_in(mailed.get_content()) for mailed in mail_server.mails)
    assert first == second
    assert not Enclosure.objects.exists()


def test_a_refused_letter_is_emptied_and_not_tried_again(mail_server: MailSink, admin: User, newcomer: User) -> None:
    mail_server.answers["liu@firm.example"] = "550 no such user"
    letter = letter_of(sent(newcomer, admin))
    actions.deliver_due(now())
    letter.refresh_from_db()
    assert (letter.status, letter.reason) == (Status.DEAD, Reason.REFUSED)
    assert not Enclosure.objects.exists()
    with pytest.raises(NotPossible, match="Make another link"):
        actions.retry(letter.pk, actor=actor_for(admin))
    assert actions.retry_all(actor=actor_for(admin)) == 0


ENDS: dict[str, Callable[[User, User], object]] = {
    "a newer one": lambda person, admin: make_password_link(person, actor=actor_for(admin)),
    "a new address": lambda person, _admin: change_user(person, actor=SYSTEM, version=None, email="neu@firm.example"),
    "a closed account": lambda person, _admin: deactivate_user(person, actor=SYSTEM, version=None),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_link_that_has_ended_meanwhile_is_not_sent(
    mail_server: MailSink, admin: User, newcomer: User, end: str
) -> None:
    letter = letter_of(sent(newcomer, admin))
    ENDS[end](newcomer, admin)
    assert actions.deliver_due(now()) == 0
    letter.refresh_from_db()
    assert letter.status == Status.CANCELLED
    assert mail_server.mails == []
    assert not Enclosure.objects.exists()


def test_a_letter_that_waits_longer_than_its_link_is_not_sent(
    mail_server: MailSink, admin: User, newcomer: User, clock: Any
) -> None:
    clock.set(now())
    sent(newcomer, admin)
    clock.advance(hours=72)
    assert actions.deliver_due(now()) == 0
    assert not Enclosure.objects.exists()


def test_what_was_withdrawn_is_forgotten_by_the_next_round(mail_server: MailSink, admin: User, newcomer: User) -> None:
    link = sent(newcomer, admin)
    actions.cancel(link.stream)
    actions.deliver_due(now())
    assert not Enclosure.objects.exists()


def test_no_secret_goes_into_the_files_that_a_page_shows(
    mail_server: MailSink, admin: User, newcomer: User, settings: Any, tmp_path: Any
) -> None:
    letter = letter_of(sent(newcomer, admin))
    settings.OUTGOING, settings.VAR_DIR = False, tmp_path
    assert actions.deliver_due(now()) == 0
    letter.refresh_from_db()
    assert (letter.status, letter.reason) == (Status.DEAD, Reason.NO_SERVER)
    assert not list(tmp_path.rglob("*.eml"))


def test_a_secret_under_a_lost_key_is_given_up(
    mail_server: MailSink, admin: User, newcomer: User, settings: Any
) -> None:
    letter = letter_of(sent(newcomer, admin))
    settings.ENCRYPTION_KEYS = ["another-key-of-thirty-two-characters"]
    actions.deliver_due(now())
    letter.refresh_from_db()
    assert (letter.status, letter.reason) == (Status.DEAD, Reason.SEALED)


def test_letters_on_their_way_go_over_to_the_newest_key(
    mail_server: MailSink, admin: User, newcomer: User, settings: Any
) -> None:
    sent(newcomer, admin)
    newest = "another-key-of-thirty-two-characters"
    settings.ENCRYPTION_KEYS = [newest, *settings.ENCRYPTION_KEYS]
    said = StringIO()
    call_command("reseal_secrets", stdout=said)
    assert "1 letters resealed" in said.getvalue()
    settings.ENCRYPTION_KEYS = [newest]
    assert actions.deliver_due(now()) == 1


def test_only_an_administrator_sends_one_and_never_to_himself(mail_server: MailSink, admin: User) -> None:
    other = _person("chen", department=admin.department, email="chen@firm.example")
    for actor, person in ((actor_for(other), admin), (actor_for(admin), admin), (Actor(), other)):
        with pytest.raises(NotPermitted):
            actions.send_password_link(person, actor=actor)
    assert not Notification.objects.exists()


def test_without_address_or_server_nothing_is_made_and_the_open_link_stays(
    mail_server: MailSink, admin: User, newcomer: User, settings: Any
) -> None:
    without = _person("chen", department=admin.department)
    _link, secret = make_password_link(without, actor=actor_for(admin))
    with pytest.raises(NotPossible, match="no e-mail address"):
        sent(without, admin)
    assert use_password_link(digest_of(secret), password=NEW)
    settings.EMAIL_HOST = ""
    with pytest.raises(NotPossible, match="No mail server"):
        sent(newcomer, admin)


def test_nobody_else_may_be_told_by_such_an_event(newcomer: User) -> None:
    with pytest.raises(ValueError, match="Nobody has words"):
        actions.notify("password.link", stream="x:1", number="x", recipients=[newcomer], data={})


@pytest.fixture
def page(admin: User, client: Client) -> Client:
    sign_in(client, admin)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_the_page_offers_to_send_it_where_mail_leaves(
    mail_server: MailSink, page: Client, newcomer: User, settings: Any
) -> None:
    address, letter = reverse("person", args=[newcomer.pk]), reverse("person-password-letter", args=[newcomer.pk])
    assert letter in page.get(address).content.decode()
    assert page.post(letter).url == address
    assert "goes to liu@firm.example" in page.get(address).content.decode()
    settings.EMAIL_HOST = ""
    shown = page.get(address).content.decode()
    assert letter not in shown
    assert "No mail server is set" in shown
    assert page.post(letter).status_code == 409


def test_the_dead_letters_lead_to_the_person_instead_of_another_try(
    mail_server: MailSink, admin: User, newcomer: User, page: Client
) -> None:
    mail_server.answers["liu@firm.example"] = "550 no such user"
    letter = letter_of(sent(newcomer, admin))
    actions.deliver_due(now())
    shown = page.get(reverse("dead-letters")).content.decode()
    assert "liu: a link to set the password" in shown
    assert reverse("person", args=[newcomer.pk]) in shown
    assert reverse("dead-letter-retry", args=[letter.pk]) not in shown
