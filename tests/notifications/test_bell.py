from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from desk.bell import views as bell
from notifications import actions, queries
from notifications.models import Notification
from tests.firm import sign_in

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def reader(client: Client, user: User) -> Client:
    sign_in(client, user)
    return client


def tell(user: User, cycle: int = 1) -> None:
    actions.notify(
        "relay.waiting",
        stream="declaration:1",
        number="SD-20261122-001",
        recipients=[user],
        data={},
        cycle=cycle,
        at=AT + timedelta(minutes=cycle),
    )


def test_the_page_shows_what_the_reader_was_told(reader: Client, user: User, colleague: User) -> None:
    tell(user)
    tell(colleague, cycle=2)
    page = reader.get(reverse("notifications")).content.decode()
    assert page.count("<tr data-row>") == 1
    assert "SD-20261122-001: a relayed call waits for you</a>" in page


def test_an_empty_bell_says_what_would_be_there(reader: Client) -> None:
    assert "Nothing to tell" in reader.get(reverse("notifications")).content.decode()


def test_reading_the_page_changes_nothing_and_a_post_marks_as_read(reader: Client, user: User) -> None:
    tell(user)
    reader.get(reverse("notifications"))
    assert queries.unread(user).count() == 1
    answer = reader.post(reverse("notifications-seen"), {"id": Notification.objects.get().pk})
    assert answer.headers["Location"] == reverse("notifications")
    assert queries.unread(user).count() == 0
    tell(user, cycle=2)
    assert reader.get(reverse("notifications-seen")).headers["Location"] == reverse("notifications")
    assert queries.unread(user).count() == 1


def test_all_are_marked_up_to_the_newest_shown(reader: Client, user: User) -> None:
    tell(user)
    newest = reader.get(reverse("notifications")).context["newest"]
    tell(user, cycle=2)
    reader.post(reverse("notifications-seen"), {"up_to": newest})
    assert queries.unread(user).count() == 1


def test_the_notifications_of_others_cannot_be_marked(reader: Client, colleague: User) -> None:
    tell(colleague)
    reader.post(reverse("notifications-seen"), {"id": Notification.objects.get().pk})
    assert queries.unread(colleague).count() == 1


def test_a_long_list_has_pages(reader: Client, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "PAGE", 2)
    for cycle in range(1, 6):
        tell(user, cycle)
    address, seen = reverse("notifications"), []
    while address:
        page = reader.get(address)
        context = page.context
        assert ('rel="next"' in page.content.decode()) == bool(context["next_url"])
        seen += [each["line"].id for each in context["lines"]]
        address = context["next_url"] and reverse("notifications") + context["next_url"]
    assert seen == list(Notification.objects.order_by("-pk").values_list("pk", flat=True))


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=2026-11-22T12:00:00", "cursor=W251bGwsIG51bGwsIDFd:1:x", "cursor=²", "cursor="]
)
def test_a_crooked_address_shows_the_first_page(reader: Client, user: User, query: str) -> None:
    tell(user)
    assert len(reader.get(f"{reverse('notifications')}?{query}").context["lines"]) == 1


@pytest.mark.parametrize("values", [{}, {"id": "x"}, {"id": "9" * 40}, {"up_to": "yesterday"}])
def test_a_crooked_post_is_refused(reader: Client, values: dict[str, str]) -> None:
    assert reader.post(reverse("notifications-seen"), values).status_code == 400


def test_strangers_are_sent_to_the_sign_in(client: Client, db: None) -> None:
    assert reverse("sign-in") in client.get(reverse("notifications")).headers["Location"]


def test_a_moment_out_of_all_years_counts_as_not_given(reader: Client, user: User) -> None:
    tell(user)
    odd = {"cursor": "0001-01-01T00:00:00+14:00"}
    assert reader.get(reverse("notifications"), odd).content.decode().count("<tr data-row>") == 1
    assert reader.post(reverse("notifications-seen"), {"up_to": "9999-12-31T23:59:59-14:00"}).status_code == 400
