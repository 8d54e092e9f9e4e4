"""Who is signed in is asked anew with every request, in two statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from accounts.signed_in import Accounts, SessionStore

from .conftest import Firm, signed_in


def opens(client: Client) -> int:
    return client.get("/my/").status_code


def test_a_session_is_kept_and_read_as_django_does(firm: Firm) -> None:
    store = SessionStore()
    store["limits"] = (1, 2)
    store.save()
    assert dict(SessionStore(store.session_key).items()) == {"limits": [1, 2]}
    assert SessionStore("no-such-session").load() == {}


def test_it_and_its_account_are_read_by_two_statements(
    firm: Firm, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    client = signed_in(firm["desk"])
    key = client.session.session_key
    assert count_queries(lambda: SessionStore(key).load()) == 1
    assert count_queries(lambda: Accounts().get_user(firm["desk"].pk)) == 1


def test_a_session_that_has_ended_lets_nobody_in(firm: Firm) -> None:
    client = signed_in(firm["desk"])
    assert opens(client) == 200
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))  # noqa: TID251
    assert opens(client) == 302


def test_a_session_that_was_deleted_lets_nobody_in(firm: Firm) -> None:
    client = signed_in(firm["desk"])
    Session.objects.all().delete()
    assert opens(client) == 302


def test_an_account_that_may_no_longer_sign_in_is_out_with_the_next_request(firm: Firm) -> None:
    client = signed_in(firm["desk"])
    assert opens(client) == 200
    User.objects.filter(pk=firm["desk"].pk).update(is_active=False)
    assert opens(client) == 302


def test_an_account_is_read_anew(firm: Firm) -> None:
    User.objects.filter(pk=firm["desk"].pk).update(name="刘改名")
    found = Accounts().get_user(firm["desk"].pk)
    assert found is not None
    assert (found.name, Accounts().get_user(0)) == ("刘改名", None)
