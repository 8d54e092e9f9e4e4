"""The command that opens the first account."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.actors import actor_for
from accounts.models import Role, User

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db


def _command(monkeypatch, password=PASSWORD):
    monkeypatch.setattr("getpass.getpass", lambda prompt: password)
    call_command("create_administrator", "root", name="管理员")


def test_the_first_account_is_an_administrator_and_can_be_signed_in_to(monkeypatch):
    _command(monkeypatch)
    user = User.objects.get(username="root")
    assert actor_for(user).holds(Role.ADMINISTRATOR)
    assert user.check_password(PASSWORD)
    assert not user.is_superuser


def test_a_weak_password_or_a_second_time_leaves_nothing_half_made(monkeypatch):
    with pytest.raises(CommandError):
        _command(monkeypatch, password="12345")
    assert not User.objects.exists()
    _command(monkeypatch)
    with pytest.raises(CommandError):
        _command(monkeypatch)
    assert User.objects.count() == 1


def test_another_account_is_opened_only_when_it_is_asked_for_and_with_a_role_that_is_named(monkeypatch):
    _command(monkeypatch)
    with pytest.raises(CommandError, match="has an administrator: root"):
        call_command("create_administrator", "other", name="第二人")
    answers = iter(["king", "auditor"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    call_command("create_administrator", "reader", name="审核人", another=True)
    assert [held.role for held in actor_for(User.objects.get(username="reader")).grants] == [Role.AUDITOR]
    call_command("create_administrator", "other", name="第二人", another=True, role="administrator")
    assert actor_for(User.objects.get(username="other")).holds(Role.ADMINISTRATOR)
    assert set(User.objects.values_list("username", flat=True)) == {"root", "reader", "other"}


def test_without_arguments_it_asks_and_explains_itself_where_nobody_answers(monkeypatch):
    answers = iter(["root", "管理员"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)
    call_command("create_administrator")
    assert actor_for(User.objects.get(username="root", name="管理员")).holds(Role.ADMINISTRATOR)

    def nobody(prompt):
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match="ACCOUNT --name NAME"):
        call_command("create_administrator", another=True)
