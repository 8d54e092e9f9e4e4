"""The own account."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, Delegation, User
from ledger.models import Entry

from .conftest import signed_in

pytestmark = pytest.mark.django_db
CHOSEN = {"language": "en", "theme": "device", "zone": "Asia/Shanghai"}


@pytest.fixture
def clerk(firm, at_nine):
    return signed_in(firm["clerk"])


def test_the_own_choice_is_kept_and_nothing_else(clerk, firm):
    typed = {**CHOSEN, "mobile": "+86 138-0000-4321", "name": "Anders", "username": "root"}
    answer = clerk.post(reverse("my"), typed)
    assert answer.url == reverse("my")
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    user = User.objects.get(pk=firm["clerk"].pk)
    assert (user.language, user.shortcuts_enabled, user.username, user.name) == ("en", False, "clerk", "Clerk")
    assert user.mobile.endswith("13800004321")


def test_a_language_that_there_is_not_is_refused(clerk, firm):
    assert clerk.post(reverse("my"), {**CHOSEN, "language": "xx"}).status_code == 422


@pytest.mark.parametrize("change", [{"zone": "Mars/Olympus"}, {"zone": "../etc"}, {"theme": "pink"}, {"zone": ""}])
def test_a_zone_or_theme_that_there_is_not_is_refused(clerk, firm, change):
    assert clerk.post(reverse("my"), CHOSEN | change).status_code == 422
    assert firm["clerk"].zone == "Asia/Shanghai"


def test_theme_and_zone_go_with_the_account_to_another_browser(clerk, firm):
    clerk.post(reverse("my"), CHOSEN | {"theme": "dark", "zone": "America/New_York"})
    other = signed_in(User.objects.get(pk=firm["clerk"].pk))
    shown = other.get(reverse("my")).content.decode()
    assert 'data-theme="dark"' in shown
    assert 'data-zone="America/New_York"' in shown
    form = other.get(reverse("my")).context["form"]
    assert (form["theme"].value(), form["zone"].value()) == ("dark", "America/New_York")
    assert 'data-zone="Asia/Shanghai"' in signed_in(firm["desk"]).get(reverse("my")).content.decode()


def test_a_theme_that_was_never_chosen_is_left_to_the_browser(clerk):
    shown = clerk.get(reverse("my"))
    assert "data-theme=" not in shown.content.decode()
    assert shown.context["form"]["theme"].value() == "device"


def test_the_theme_is_switched_in_the_menu_and_kept(clerk, firm):
    assert f'data-theme-switch="{reverse("my-theme")}"' in clerk.get(reverse("my")).content.decode()
    assert clerk.post(reverse("my-theme"), {"theme": "dark"}).status_code == 204
    user = User.objects.get(pk=firm["clerk"].pk)
    assert (user.theme, user.version) == ("dark", firm["clerk"].version)
    assert Entry.objects.filter(stream=user.stream, action="set_preferences").count() == 1
    assert clerk.post(reverse("my-theme"), {"theme": "pink"}).status_code == 422
    assert Client().post(reverse("my-theme"), {"theme": "dark"}).status_code == 302


def test_times_stand_on_the_clock_of_the_reader(clerk, firm):
    """It is nine in Shanghai, where the key was made, and eight in the evening of the day before in New York."""
    clerk.post(reverse("my-token-new"), {"name": "报表", "scope": "read", "days": 1})
    usual = clerk.get(reverse("my")).content.decode()
    assert ("tomorrow 09:00" in usual, "Times of" in usual) == (True, False)
    clerk.post(reverse("my"), CHOSEN | {"zone": "America/New_York"})
    shown = clerk.get(reverse("my")).content.decode()
    assert ("tomorrow 20:00" in shown, "Times of America/New_York" in shown) == (True, True)


def test_what_is_typed_is_on_the_clock_of_the_reader_too(clerk, firm):
    clerk.post(reverse("my"), CHOSEN | {"zone": "America/New_York"})
    head = signed_in(firm["head"])
    head.post(reverse("my"), CHOSEN | {"zone": "America/New_York"})
    away = {"starts_at": "2026-11-24T09:00", "ends_at": "2026-11-25T09:00", "reason": "休假"}
    head.post(reverse("absence-new"), {**away, "roles": ["department_head"], "to_user": firm["deputy"].pk})
    assert Delegation.objects.get().starts_at == datetime(2026, 11, 24, 14, tzinfo=UTC)


def test_a_zone_that_this_machine_does_not_know_is_that_of_the_firm(clerk, firm):
    User.objects.filter(pk=firm["clerk"].pk).update(zone="Gone/Away")
    assert 'data-zone="Asia/Shanghai"' in clerk.get(reverse("my")).content.decode()


def test_roles_go_by_days_in_china_wherever_the_administrator_is(firm, at_nine):
    admin = signed_in(firm["admin"])
    admin.post(reverse("my"), CHOSEN | {"zone": "America/New_York"})
    form = admin.get(reverse("person-grant", args=[firm["clerk"].pk]) + "?way=head").context["form"]
    assert form.initial["starts_on"] == date(2026, 11, 23)


def test_a_key_is_shown_once_and_revoked(clerk, firm):
    answer = clerk.post(reverse("my-token-new"), {"name": "报表", "scope": "read", "days": 30})
    key = answer.context["key"]
    assert key in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    page = clerk.get(reverse("my")).content.decode()
    assert "报表" in page
    assert key not in page
    token = ApiToken.objects.get()
    assert signed_in(firm["desk"]).post(reverse("my-token-revoke", args=[token.pk])).status_code == 404
    assert clerk.post(reverse("my-token-revoke", args=[token.pk])).url == reverse("my")
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert clerk.post(reverse("my-token-revoke", args=[token.pk])).status_code == 409


@pytest.mark.parametrize("change", [{"days": 0}, {"days": 9999}, {"days": "soon"}, {"scope": "all"}, {"name": ""}])
def test_a_key_without_purpose_scope_or_end_is_refused(clerk, change):
    answer = clerk.post(reverse("my-token-new"), {"name": "报表", "scope": "read", "days": 30} | change)
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_the_page_costs_the_same_however_many_keys_there_are(clerk, count_queries):
    few = count_queries(lambda: clerk.get(reverse("my")))
    for number in range(3):
        clerk.post(reverse("my-token-new"), {"name": f"程序{number}", "scope": "write", "days": 30})
    assert count_queries(lambda: clerk.get(reverse("my"))) == few


def test_the_menu_leads_there(clerk):
    assert f'href="{reverse("my")}"' in clerk.get(reverse("desk")).content.decode()
