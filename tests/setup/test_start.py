"""开始使用: the first administrator is made in the browser, with the code that the start prints."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.actors import actor_for
from accounts.first_code import first_code, is_first_code
from accounts.models import Department, Role, User
from ledger.models import Entry
from tests import small_firm

pytestmark = pytest.mark.django_db
PASSWORD = "Kestrel-Harbour-42"


def _typed(**changes: str) -> dict[str, str]:
    usual = {"code": first_code(), "name": "顾岚", "username": "gulan", "employee_number": "A-1"}
    return usual | {"password": PASSWORD, "password_again": PASSWORD} | changes


def _refusals() -> list[str]:
    return list(Entry.objects.filter(stream__startswith="security:").values_list("action", flat=True))


def test_an_empty_desk_leads_to_the_start(client: Client) -> None:
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/start/"
    assert client.get("/sign-in/").headers["Location"] == "/start/"


def test_the_code_makes_an_administrator_who_is_signed_in(client: Client) -> None:
    answer = client.post("/start/", _typed())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/settings/setup/")
    user = User.objects.get()
    assert actor_for(user).holds(Role.ADMINISTRATOR)
    assert user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert "sign_in" in Entry.objects.filter(stream=user.stream).values_list("action", flat=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "AAAA-BBBB-CCCC-DDDD"}, "code"),
        ({"password": "12345", "password_again": "12345"}, "password"),
        ({"password_again": "another"}, "password_again"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_made(
    client: Client, changes: dict[str, str], field: str
) -> None:
    answer = client.post("/start/", _typed(**changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.exists()
    assert not Department.objects.exists()


def test_a_wrong_code_stands_in_the_security_stream_and_not_what_was_typed(client: Client) -> None:
    client.post("/start/", _typed(code="guess"))
    assert _refusals() == ["open_first_account"]


def test_the_code_is_read_however_it_is_grouped() -> None:
    assert is_first_code(first_code().replace("-", " ").lower())
    assert not is_first_code("")


def test_once_there_is_an_account_the_start_is_closed(client: Client) -> None:
    typed = _typed()
    small_firm.first_account()
    assert client.get("/start/").headers["Location"] == "/sign-in/"
    assert client.post("/start/", typed).headers["Location"] == "/sign-in/"
    assert User.objects.count() == 1


def test_the_code_is_printed_until_then() -> None:
    def printed() -> str:
        output = StringIO()
        call_command("first_code", stdout=output)
        return output.getvalue()

    assert first_code() in printed()
    small_firm.first_account()
    assert printed() == ""


def test_another_database_has_another_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before = first_code()

    monkeypatch.setattr("django.db.models.query.QuerySet.values_list", lambda *_a, **_k: _First())
    assert first_code() != before


class _First:
    def first(self) -> str:
        return "f" * 64
