"""The own account."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import ApiToken, User

from .conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(firm, at_nine):
    return signed_in(firm["clerk"])


def test_the_own_choice_is_kept_and_nothing_else(clerk, firm):
    typed = {"mobile": "+86 138-0000-4321", "language": "en", "name": "Anders", "username": "root"}
    answer = clerk.post(reverse("my"), typed)
    assert answer.url == reverse("my")
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    user = User.objects.get(pk=firm["clerk"].pk)
    assert (user.language, user.shortcuts_enabled, user.username, user.name) == ("en", False, "clerk", "Clerk")
    assert user.mobile.endswith("13800004321")


def test_a_language_that_there_is_not_is_refused(clerk, firm):
    assert clerk.post(reverse("my"), {"language": "xx"}).status_code == 422


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
