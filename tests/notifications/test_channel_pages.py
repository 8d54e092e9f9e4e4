"""Pages of the channels, the own preferences, dead letters and kept mails: who sees what, and never a secret."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from base.clock import now
from ledger.models import Entry, Payload
from notifications import actions, queries
from notifications.models import Bot, Notification, Preference, Reason
from notifications.sealing import CannotOpen, unseal
from tests.firm import (
    ADMINISTRATOR,
    CHEN_HEAD,
    FENG_AUDITOR,
    HE_RISK,
    LIU_DESK,
    XU_SALES,
    ZHENG_CUSTODIAN,
    client_of,
    person,
    staff,
)
from tests.notifications.test_products import ADDRESSES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
# One of each role that is none of an administrator.
OTHERS = [CHEN_HEAD, LIU_DESK, ZHENG_CUSTODIAN, HE_RISK, FENG_AUDITOR, XU_SALES]
SECRET = "SECdemo0123456789"
KEY = ADDRESSES["dingtalk"].partition("=")[2]


@pytest.fixture
def admin() -> Client:
    return client_of(ADMINISTRATOR)


def values(**changes: Any) -> dict[str, Any]:
    department = person(LIU_DESK).department_id
    return {
        "product": "dingtalk",
        "name": "一部值班群",
        "department": department,
        "kinds": ["warning", "decision"],
        "levels": ["1", "2"],
        "address": ADDRESSES["dingtalk"],
        "secret": SECRET,
        "is_active": "on",
        **changes,
    }


@pytest.fixture
def bot(admin: Client) -> Bot:
    assert admin.post(reverse("bot-new"), values()).status_code == 302
    return Bot.objects.get()


def dead_letter(**changes: Any) -> Notification:
    someone = person(LIU_DESK)
    fixed: dict[str, Any] = {
        "event": "warning.resolution.75",
        "stream": "declaration:1",
        "number": "SD-20261122-001",
        "threshold": 75,
        "recipient": someone.stream,
        "user": someone,
        "channel": "email",
        "created_at": now(),
        "message_id": "1@desk.example",
        "status": "dead",
        "reason": Reason.REFUSED,
        "detail": "550 no such user",
        "failures": 1,
    }
    return Notification.objects.create(**fixed | changes)


def addresses(bot: Bot, letter: Notification) -> list[tuple[str, str]]:
    return [
        ("get", reverse("channels")),
        ("get", reverse("bot-new")),
        ("post", reverse("bot-new")),
        ("get", reverse("bot", args=[bot.pk])),
        ("post", reverse("bot", args=[bot.pk])),
        ("post", reverse("bot-test", args=[bot.pk])),
        ("get", reverse("bot-tested", args=[bot.pk])),
        ("get", reverse("dead-letters")),
        ("post", reverse("dead-letters-retry")),
        ("post", reverse("dead-letter-retry", args=[letter.pk])),
        ("get", reverse("outbox")),
        ("get", reverse("kept-message", args=[letter.pk])),
    ]


def test_only_administrators_reach_them(bot: Bot) -> None:
    letter = dead_letter()
    before = (Bot.objects.get().version, Notification.objects.count())
    for number in OTHERS:
        client = client_of(number)
        for method, address in addresses(bot, letter):
            assert getattr(client, method)(address).status_code == 403, (number, address)
    for method, address in addresses(bot, letter):
        assert getattr(Client(), method)(address).status_code in (302, 405), address
    assert (Bot.objects.get().version, Notification.objects.count()) == before
    letter.refresh_from_db()
    assert letter.status == "dead"


def test_a_robot_is_kept_without_showing_its_secrets(admin: Client, bot: Bot, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    assert (unseal(bot.sealed_address), unseal(bot.sealed_secret)) == (KEY, SECRET)
    assert bot.host == "oapi.dingtalk.com"
    actions.test_bot(bot.pk, actor=staff(ADMINISTRATOR))
    actions.deliver_due(now())
    shown = [admin.get(reverse(name, args=args)) for name, args in (("channels", []), ("bot", [bot.pk]))]
    shown.append(admin.post(reverse("bot", args=[bot.pk]), values(version=bot.version, kinds=[], secret="again" * 3)))
    trail = [*Entry.objects.values_list("body", flat=True), *Payload.objects.values_list("content", flat=True)]
    everything = [page.content.decode() for page in shown] + trail + [record.getMessage() for record in caplog.records]
    for text in everything:
        for secret in (KEY, SECRET, "again" * 3, bot.sealed_address, bot.sealed_secret):
            assert secret not in text
    assert repr(actions.Setting("x", bot.department, [], [], address=KEY, secret=SECRET)).count(KEY) == 0


def test_empty_fields_keep_what_is_there_and_full_ones_replace_it(admin: Client, bot: Bot) -> None:
    address = reverse("bot", args=[bot.pk])
    changed = values(version=bot.version, address="", secret="", levels=["1"])
    assert admin.post(address, changed).status_code == 302
    bot.refresh_from_db()
    assert (bot.levels, unseal(bot.sealed_secret)) == ([1], SECRET)
    assert admin.post(address, values(version=bot.version, address="", secret="another")).status_code == 302
    bot.refresh_from_db()
    assert unseal(bot.sealed_secret) == "another"
    facts = Payload.objects.order_by("-pk").first()
    assert '"secret_replaced":true' in facts.content


def test_a_stale_form_is_refused_and_keeps_what_was_typed(admin: Client, bot: Bot) -> None:
    page = admin.post(reverse("bot", args=[bot.pk]), values(version=bot.version + 5, name="另一个群"))
    assert page.status_code == 412
    assert "另一个群" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": "https://example.org/robot/send?access_token=x"}, "address"),
        ({"address": ""}, "address"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["x"]}, "kinds"),
        ({"levels": []}, "levels"),
        ({"levels": ["9"]}, "levels"),
        ({"name": ""}, "name"),
        ({"department": "999999"}, "department"),
        ({"product": "pager"}, "product"),
        ({"product": "webhook", "address": "https://10.0.0.1:22/", "secret": "x"}, "address"),
        ({"product": "webhook", "address": "https://hook.example/", "secret": "weak"}, "secret"),
    ],
)
def test_a_crooked_robot_is_refused_with_a_sentence(admin: Client, changes: dict[str, Any], field: str) -> None:
    page = admin.post(reverse("bot-new"), values(**changes))
    assert page.status_code == 422
    assert page.context["form"].errors[field]
    assert not Bot.objects.exists()


def test_a_test_is_tried_and_its_result_appears(admin: Client, bot: Bot) -> None:
    page = reverse("bot", args=[bot.pk])
    assert "Not tried yet" in admin.get(page).content.decode()
    assert admin.post(reverse("bot-test", args=[bot.pk])).status_code == 302
    assert "every 3s" in admin.get(reverse("bot-tested", args=[bot.pk])).content.decode()
    actions.deliver_due(now())
    part = admin.get(reverse("bot-tested", args=[bot.pk])).content.decode()
    assert "every 3s" not in part
    assert "Sent" in part


def test_an_unknown_robot_is_not_found(admin: Client) -> None:
    for name in ("bot", "bot-tested"):
        assert admin.get(reverse(name, args=[987654])).status_code == 404


def test_the_list_takes_as_many_statements_for_many(admin: Client, bot: Bot, count_queries: Any) -> None:
    few = count_queries(lambda: admin.get(reverse("channels")))
    for number in range(8):
        admin.post(reverse("bot-new"), values(name=f"群{number}"))
    assert count_queries(lambda: admin.get(reverse("channels"))) == few


# Dead letters


def test_a_dead_letter_shows_why_and_is_tried_again_with_its_trail(admin: Client) -> None:
    letter = dead_letter()
    page = admin.get(reverse("dead-letters")).content.decode()
    assert "550 no such user" in page
    assert "The server refused it" in page
    assert admin.post(reverse("dead-letter-retry", args=[letter.pk])).status_code == 302
    letter.refresh_from_db()
    assert (letter.status, letter.failures, letter.message_id) == ("queued", 0, "1@desk.example")
    entry = Entry.objects.get(action="retry_delivery")
    assert entry.actor == person(ADMINISTRATOR).stream
    assert str(letter.pk) in entry.payload.content
    assert admin.post(reverse("dead-letter-retry", args=[letter.pk])).status_code == 409


def test_all_are_tried_again_at_once_with_one_entry(admin: Client) -> None:
    for cycle in range(3):
        dead_letter(cycle=cycle + 1)
    admin.post(reverse("dead-letters-retry"))
    assert not Notification.objects.filter(status="dead").exists()
    assert Entry.objects.filter(action="retry_delivery").count() == 1
    assert admin.post(reverse("dead-letters-retry")).status_code == 302
    assert Entry.objects.filter(action="retry_delivery").count() == 1


def test_dead_letters_have_pages(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.views.letters.PAGE", 2)
    for cycle in range(5):
        dead_letter(cycle=cycle + 1)
    address, seen = reverse("dead-letters"), []
    while address:
        page = admin.get(address)
        context = page.context
        assert ('rel="next"' in page.content.decode()) == bool(context["next_url"])
        seen += [each["row"].pk for each in context["rows"]]
        address = context["next_url"] and reverse("dead-letters") + context["next_url"]
    assert seen == list(Notification.objects.filter(status="dead").order_by("-pk").values_list("pk", flat=True))


@pytest.mark.parametrize("query", ["cursor=x", "cursor=²", "cursor=" + "9" * 40])
def test_a_crooked_page_is_the_first(admin: Client, query: str) -> None:
    dead_letter()
    assert len(admin.get(f"{reverse('dead-letters')}?{query}").context["rows"]) == 1


# Kept mails


def test_kept_mails_are_read_on_a_page_where_nothing_leaves(admin: Client, settings: Any) -> None:
    someone = person(LIU_DESK)
    actions.notify(
        "warning.resolution.90", stream="declaration:1", number="SD-<b>1</b>", recipients=[someone], data={},
        threshold=90, channel="email",
    )  # fmt: skip
    actions.deliver_due(now())
    row = queries.sent_out().get()
    assert "SD-&lt;b&gt;1" in admin.get(reverse("outbox")).content.decode()
    page = admin.get(reverse("kept-message", args=[row.pk])).content.decode()
    assert someone.email in page
    assert row.message_id in page
    assert "<b>1" not in page
    assert admin.get(reverse("kept-message", args=[row.pk + 1])).status_code == 404
    settings.OUTGOING = True
    assert admin.get(reverse("outbox")).status_code == 404
    assert admin.get(reverse("kept-message", args=[row.pk])).status_code == 404


# Preferences


def warn(**changes: Any) -> list[tuple[str, str]]:
    event = changes.pop("event", "warning.resolution.75")
    actions.notify(event, stream="declaration:1", number="1", recipients=[person(LIU_DESK)], data={}, **changes)
    return sorted(Notification.objects.filter(event=event).values_list("event", "channel"))


def test_people_choose_what_reaches_them(admin: Client) -> None:
    desk = client_of(LIU_DESK)
    address = reverse("notification-preferences")
    assert desk.get(address).status_code == 200
    assert warn() == [("warning.resolution.75", "in_app")]
    assert desk.post(address, {"wanted": ["warning.email", "record.in_app"]}).status_code == 302
    assert warn(cycle=2) == [("warning.resolution.75", "email")] + [("warning.resolution.75", "in_app")] * 2
    assert warn(event="handover.sent") == []
    assert warn(event="incident.returned") == [("incident.returned", "in_app")]
    assert Entry.objects.filter(action="choose_notifications", actor=person(LIU_DESK).stream).count() == 1
    assert not Preference.objects.exclude(user=person(LIU_DESK)).exists()


@pytest.mark.parametrize("wanted", ["warning.chat", "x.email", "warning", ""])
def test_what_the_page_does_not_offer_is_refused(monday: None, wanted: str) -> None:
    assert client_of(LIU_DESK).post(reverse("notification-preferences"), {"wanted": [wanted]}).status_code == 422
    assert not Preference.objects.exists()


def test_no_mail_is_written_for_who_has_no_address(monday: None) -> None:
    someone = person(LIU_DESK)
    client_of(LIU_DESK).post(reverse("notification-preferences"), {"wanted": ["warning.email"]})
    type(someone).objects.filter(pk=someone.pk).update(email="")
    assert warn() == [("warning.resolution.75", "in_app")]
    assert "no e-mail address" in client_of(LIU_DESK).get(reverse("notification-preferences")).content.decode()


# Keys


def test_a_new_key_seals_and_the_old_one_opens_until_all_are_resealed(bot: Bot, settings: Any) -> None:
    old, new = settings.ENCRYPTION_KEYS[0], "n" + "ew-key-" * 6
    settings.ENCRYPTION_KEYS = [new]
    with pytest.raises(CannotOpen):
        unseal(bot.sealed_secret)
    settings.ENCRYPTION_KEYS = [new, old]
    assert unseal(bot.sealed_secret) == SECRET
    out = io.StringIO()
    call_command("reseal_secrets", stdout=out)
    assert "1 robots" in out.getvalue()
    settings.ENCRYPTION_KEYS = [new]
    bot.refresh_from_db()
    assert (unseal(bot.sealed_address), unseal(bot.sealed_secret)) == (KEY, SECRET)


def test_a_message_whose_secret_cannot_be_read_is_given_up(bot: Bot, settings: Any, admin: Client) -> None:
    admin.post(reverse("bot-test", args=[bot.pk]))
    settings.ENCRYPTION_KEYS = ["another-key-" * 4]
    actions.deliver_due(now())
    assert Notification.objects.get(bot=bot).reason == Reason.SEALED
