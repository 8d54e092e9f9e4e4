"""Keys for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.actions import create_token, revoke_token
from accounts.authentication import TokenAuthentication
from accounts.models import ApiToken
from ledger.exceptions import Invalid, NotPermitted, NotPossible
from ledger.models import Payload

pytestmark = pytest.mark.django_db


def _made(firm, name="desk", **values):
    return create_token(actor=firm.actor(name), user=firm[name], name="script", **({"days": 7} | values))


def _ask(rf, key, method="get"):
    request = getattr(rf, method)("/api/", headers={"Authorization": f"Bearer {key}"})
    return TokenAuthentication().authenticate(Request(request))


def test_a_key_opens_for_its_owner_and_is_kept_nowhere(firm, at_nine, rf):
    token, key = _made(firm)
    assert _ask(rf, key) == (firm["desk"], token)
    assert key not in str(ApiToken.objects.values().get())
    assert token.digest not in Payload.objects.get(entry__stream=token.stream).content


def test_a_key_for_reading_changes_nothing(firm, at_nine, rf):
    _token, key = _made(firm)
    with pytest.raises(PermissionDenied):
        _ask(rf, key, "post")
    _token, key = _made(firm, scope=ApiToken.Scope.WRITE)
    assert _ask(rf, key, "post")


def test_a_key_ends_with_its_time_its_revocation_or_its_account(firm, at_nine, rf, clock):
    token, key = _made(firm)
    clock.set(token.expires_at - timedelta(microseconds=1))
    assert _ask(rf, key)
    clock.set(token.expires_at)
    with pytest.raises(AuthenticationFailed):
        _ask(rf, key)
    clock.set(at_nine)
    revoke_token(token, actor=firm.actor("desk"))
    with pytest.raises(AuthenticationFailed):
        _ask(rf, key)
    with pytest.raises(NotPossible):
        revoke_token(token, actor=firm.actor("desk"))
    _token, key = _made(firm, name="clerk")
    type(firm["clerk"]).objects.filter(username="clerk").update(is_active=False)
    with pytest.raises(AuthenticationFailed):
        _ask(rf, key)


@pytest.mark.parametrize("header", ["", "Basic abc", "Token abc"])
def test_another_scheme_is_left_to_others(firm, rf, header):
    assert TokenAuthentication().authenticate(Request(rf.get("/", headers={"Authorization": header}))) is None


@pytest.mark.parametrize("key", ["", "desk_unknown", "\udcff"])
def test_an_unknown_key_is_refused(firm, rf, key):
    with pytest.raises(AuthenticationFailed):
        _ask(rf, key.encode("latin-1", "replace").decode("latin-1"))


def test_nobody_makes_or_revokes_a_key_of_another(firm, at_nine):
    with pytest.raises(NotPermitted):
        create_token(actor=firm.actor("admin"), user=firm["desk"], name="mine", days=1)
    token, _key = _made(firm)
    with pytest.raises(NotPermitted):
        revoke_token(token, actor=firm.actor("clerk"))
    assert revoke_token(token, actor=firm.actor("admin")).revoked_at == at_nine


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_key_lives_between_a_day_and_a_year(firm, at_nine, days):
    with pytest.raises(Invalid):
        _made(firm, days=days)


def test_use_is_noted_at_most_once_an_hour(firm, at_nine, rf, clock, count_queries):
    _token, key = _made(firm)
    _ask(rf, key)
    clock.advance(minutes=59)
    _ask(rf, key)
    assert ApiToken.objects.get().last_used_at == at_nine
    clock.advance(minutes=2)
    _ask(rf, key)
    assert ApiToken.objects.get().last_used_at > at_nine


def test_the_command_prints_a_key_that_opens(firm, rf, capsys):
    call_command("create_token", "desk", "--write")
    assert _ask(rf, capsys.readouterr().out.strip(), "post")[0] == firm["desk"]
    with pytest.raises(CommandError):
        call_command("create_token", "nobody")
    with pytest.raises(CommandError):
        call_command("create_token", "desk", "--days", "9999")
