"""The pages of sign-in, sign-out and password, and what they leave in the ledger."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.actions import change_user
from accounts.actors import Actor
from accounts.middleware import ActorMiddleware
from accounts.models import Role
from accounts.views.sessions import PasswordChange
from base.clock import now
from ledger.models import Entry, Payload

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "quite-another-word-9"


def _sign_in(client: Client, name: str = "desk", password: str = PASSWORD, **more: object):
    return client.post("/accounts/sign-in/", {"username": name, "password": password, **more})


def _actions(user) -> list[str]:
    return list(Entry.objects.filter(stream=user.stream).order_by("sequence").values_list("action", flat=True))


@pytest.fixture(autouse=True)
def _urls(settings):
    settings.ROOT_URLCONF = "tests.accounts.urls"


def test_signing_in_and_out_stands_in_the_persons_chain(firm, client):
    assert _sign_in(client).url == "/"
    assert client.post("/accounts/sign-out/").status_code == 302
    assert _actions(firm["desk"]) == ["create_user", "sign_in", "sign_out"]
    assert '"address":"127.0.0.1"' in Payload.objects.filter(entry__action="sign_in").get().content
    assert "_auth_user_id" not in client.session


def test_the_language_is_kept_in_a_cookie_with_the_attributes_of_its_name(firm, client, settings):
    settings.LANGUAGE_COOKIE_SECURE, settings.LANGUAGE_COOKIE_NAME = True, "__Host-language"
    cookie = _sign_in(client).cookies["__Host-language"]
    assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")


def test_signing_out_needs_a_post(firm, client):
    _sign_in(client)
    assert client.get("/accounts/sign-out/").status_code == 302
    assert "_auth_user_id" in client.session


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(firm, client):
    wrong, unknown = _sign_in(client, password="no"), _sign_in(client, name="nobody", password="no")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_a_failed_attempt_stands_in_the_security_stream_without_what_was_typed(firm, client, transactional_db):
    _sign_in(client, password="my-secret-typo")
    _sign_in(client, name="my-secret-typo", password="x")
    known, unknown = Entry.objects.filter(stream__startswith="security:").order_by("sequence")
    assert firm["desk"].stream in known.payload.content
    assert known.actor == "address:127.0.0.1"
    assert "my-secret-typo" not in known.payload.content + unknown.payload.content + known.body + unknown.body


def test_nothing_that_is_posted_makes_a_session_longer(firm, client, settings):
    _sign_in(client, remember="on")
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE == 12 * 3600


@pytest.mark.parametrize(
    ("target", "goes_to"), [("/records/?page=2", "/records/?page=2"), ("https://evil.example/", "/"), ("//evil", "/")]
)
def test_after_signing_in_only_pages_of_this_site_follow(firm, client, target, goes_to):
    assert _sign_in(client, next=target).url == goes_to


def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(firm, client):
    elsewhere = Client()
    _sign_in(client)
    _sign_in(elsewhere)
    answer = client.post("/accounts/password/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert answer.status_code == 302
    assert client.get("/who/").content.decode() == "desk"
    assert elsewhere.get("/who/").content.decode() == "nobody"
    assert _actions(firm["desk"])[-1] == "change_password"
    assert _sign_in(Client(), password=PASSWORD).status_code == 422
    assert _sign_in(Client(), password=NEW).status_code == 302


WEAK = ["password123", "", "1" * 14, "1231231231231", "4815162342108", "desk" * 4, "desk-desk-desk1", PASSWORD]


@pytest.mark.parametrize(("old", "new"), [("wrong", NEW), *[(PASSWORD, weak) for weak in WEAK]])
def test_the_old_password_is_asked_for_and_a_weak_one_refused(firm, client, rf, old, new):
    request = rf.post("/", {"old_password": old, "new_password1": new, "new_password2": new})
    request.user = firm["desk"]
    request._dont_enforce_csrf_checks = True
    answer = PasswordChange.as_view()(request)
    assert list(answer.context_data["form"].errors)[:1] == ["old_password" if old == "wrong" else "new_password1"]
    assert "change_password" not in _actions(firm["desk"])


def test_a_session_does_not_outlive_the_closing_of_its_account(firm, client):
    _sign_in(client)
    for is_active in (False, True):
        desk = type(firm["desk"]).objects.get(username="desk")
        change_user(desk, actor=firm.actor("admin"), version=None, is_active=is_active)
    assert client.get("/who/").content.decode() == "nobody"


def test_wrong_old_passwords_are_slowed_and_written_down_as_at_signing_in(firm, client, settings, transactional_db):
    settings.AXES_ENABLED = True
    settings.AXES_LOCKOUT_CALLABLE = "accounts.views.sessions.locked_out"
    _sign_in(client)
    guess = {"old_password": "guess", "new_password1": NEW, "new_password2": NEW}
    answers = [client.post("/accounts/password/", guess).status_code for _ in range(6)]
    assert answers[-1] == 429
    right = client.post("/accounts/password/", {**guess, "old_password": PASSWORD})
    assert right.status_code == 429
    assert "change_password" not in _actions(firm["desk"])
    assert Entry.objects.filter(stream__startswith="security:", action="sign_in").count() >= 5


def test_a_closed_account_is_signed_out_at_once(firm, client):
    _sign_in(client)
    type(firm["desk"]).objects.filter(username="desk").update(is_active=False)
    assert client.get("/who/").content.decode() == "nobody"


def test_a_request_knows_its_actor_and_reads_it_only_when_asked(firm, rf, count_queries):
    request = rf.get("/")
    request.user = firm["desk"]
    assert count_queries(lambda: ActorMiddleware(lambda given: None)(request)) == 0
    assert isinstance(request.actor, Actor)
    assert request.actor.holds(Role.SERVICE_DESK, customer_id=firm.customer.pk)


def test_after_five_wrong_passwords_the_right_one_is_refused_from_there(firm, client, settings):
    settings.AXES_ENABLED = True
    settings.AXES_LOCKOUT_CALLABLE = "accounts.views.sessions.locked_out"
    for _attempt in range(5):
        _sign_in(client, password="wrong")
    refused = _sign_in(client)
    assert refused.status_code == 429
    assert refused.context["locked_until"] > now()
    assert _sign_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302
