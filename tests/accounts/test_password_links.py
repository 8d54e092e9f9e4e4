"""A password by a link that works once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import (
    change_password,
    change_user,
    create_token,
    deactivate_user,
    make_password_link,
    set_password,
    use_password_link,
)
from accounts.actions.tokens import digest_of
from accounts.actors import SYSTEM
from accounts.models import PasswordLink
from base.clock import now
from ledger.exceptions import Invalid, NotPermitted, NotPossible
from ledger.models import Entry, Payload
from ledger.verification.rows import compare

from .conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db
NEW = "Weite-Wege-77"


def made(firm, whose="clerk") -> tuple[PasswordLink, str]:
    return make_password_link(firm[whose], actor=firm.actor("admin"))


def used(secret: str, password: str = NEW):
    return use_password_link(digest_of(secret), password=password)


def test_a_link_sets_the_password_once_and_ends_the_tokens(firm, at_nine):
    create_token(actor=firm.actor("clerk"), user=firm["clerk"], name="程序", days=5)
    link, secret = made(firm)
    assert used(secret).check_password(NEW)
    assert not firm["clerk"].tokens.filter(revoked_at=None).exists()
    with pytest.raises(NotPossible):
        used(secret, "Andere-Wege-88")
    link.refresh_from_db()
    assert link.outcome == PasswordLink.Outcome.USED
    assert compare(link) is None


def test_the_ledger_tells_who_made_it_for_whom_and_never_the_secret(firm, at_nine):
    link, secret = made(firm)
    entry = Entry.objects.get(stream=link.stream)
    assert (entry.action, entry.actor, entry.role) == ("make_password_link", firm["admin"].stream, "administrator")
    contents = " ".join(Payload.objects.values_list("content", flat=True))
    assert link.user_id == firm["clerk"].pk
    assert secret not in contents
    assert digest_of(secret) not in contents
    used(secret)
    assert Entry.objects.get(stream=link.stream, action="use_password_link").actor == firm["clerk"].stream


@pytest.mark.parametrize("by", ["head", "desk", "clerk"])
def test_only_an_administrator_makes_one(firm, at_nine, by):
    with pytest.raises(NotPermitted):
        make_password_link(firm["deputy"], actor=firm.actor(by))


def test_nobody_makes_one_for_himself_or_for_a_closed_account(firm, at_nine):
    with pytest.raises(NotPermitted):
        made(firm, "admin")
    deactivate_user(firm["clerk"], actor=firm.actor("admin"), version=None)
    with pytest.raises(NotPossible):
        made(firm)


ENDS = {
    "a newer one": lambda firm: made(firm),
    "the own new password": lambda firm: change_password(actor=firm.actor("clerk"), password=NEW),
    "another given": lambda firm: set_password(firm["clerk"], actor=firm.actor("admin"), password=NEW),
    "a new address": lambda firm: change_user(firm["clerk"], actor=SYSTEM, version=None, email="neu@example.com"),
    "a closed account": lambda firm: deactivate_user(firm["clerk"], actor=firm.actor("admin"), version=None),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_link_is_ended_by(firm, at_nine, end):
    _link, secret = made(firm)
    ENDS[end](firm)
    with pytest.raises(NotPossible):
        used(secret, "Andere-Wege-88")


def test_a_change_that_has_nothing_to_do_with_it_leaves_it(firm, at_nine):
    _link, secret = made(firm)
    change_user(firm["clerk"], actor=SYSTEM, version=None, title="主管")
    assert used(secret)


@pytest.mark.parametrize(("hours", "opens"), [(71.9, True), (72, False)])
def test_it_expires_after_72_hours(firm, clock, at_nine, hours, opens):
    _link, secret = made(firm)
    clock.set(at_nine + timedelta(hours=hours))
    if opens:
        assert used(secret)
    else:
        with pytest.raises(NotPossible):
            used(secret)


def test_a_weak_password_leaves_the_link_open(firm, at_nine):
    _link, secret = made(firm)
    with pytest.raises(Invalid):
        used(secret, "12345")
    assert used(secret)


def test_the_database_allows_one_open_link_a_person(firm, at_nine):
    made(firm)
    with pytest.raises(IntegrityError), transaction.atomic():
        PasswordLink.objects.create(
            user=firm["clerk"], digest="x", made_at=now(), expires_at=now() + timedelta(hours=1)
        )


def test_the_page_shows_the_link_once_and_the_link_leads_to_a_password(firm, at_nine, settings):
    settings.PUBLIC_URL = "https://desk.example"
    admin = signed_in(firm["admin"])
    answer = admin.post(reverse("person-password-link", args=[firm["clerk"].pk]))
    address = answer.context["address"]
    assert address.startswith("https://desk.example/password/link/")
    assert address in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    stranger = Client(headers={"accept-language": "en"})
    assert stranger.get(address.removeprefix("https://desk.example")).url == reverse("password-set")
    weak = stranger.post(reverse("password-set"), {"new_password1": "12345", "new_password2": "12345"})
    assert weak.status_code == 422
    other = stranger.post(reverse("password-set"), {"new_password1": NEW, "new_password2": PASSWORD})
    assert other.status_code == 422
    assert stranger.post(reverse("password-set"), {"new_password1": NEW, "new_password2": NEW}).url == "/sign-in/"
    firm["clerk"].refresh_from_db()
    assert firm["clerk"].check_password(NEW)
    stranger.get(address.removeprefix("https://desk.example"))
    assert stranger.get(reverse("password-set")).status_code == 410


@pytest.mark.parametrize("secret", ["unknown", "x" * 400])
def test_a_link_that_opens_nothing_says_whom_to_ask(firm, at_nine, secret):
    stranger = Client(headers={"accept-language": "en"})
    stranger.get(reverse("password-link", args=[secret]))
    answer = stranger.get(reverse("password-set"))
    assert answer.status_code == 410
    assert "Ask the administrator for another" in answer.content.decode()
    assert Client().get(reverse("password-set")).status_code == 410
