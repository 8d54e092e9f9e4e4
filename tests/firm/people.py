"""The firm's people, found by their names in `tests.firm.names`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import CharField
from django.test import Client

from accounts.actors import Actor, actor_for, actor_for_contact
from accounts.models import Contact, Delegation, User
from base.clock import now
from base.compiled import CompiledRecords, Parameter

# Two ways of signing in are set, and a client that signs in without a password must name one.
BACKEND = "accounts.signed_in.Accounts"
# Asked for at every step of every test.
PEOPLE = CompiledRecords(
    lambda: User.objects.select_related("department").filter(employee_number=Parameter("number", CharField()))
)
CONTACTS = CompiledRecords(
    lambda: Contact.objects.select_related("customer__department").filter(code=Parameter("code", CharField()))
)


def person(number: str) -> User:
    found = PEOPLE.first(number=number)
    if found is None:
        raise User.DoesNotExist
    return found


def staff(number: str) -> Actor:
    """That person, with the roles held now."""
    return actor_for(person(number))


def contact(code: str) -> Contact:
    found = CONTACTS.first(code=code)
    if found is None:
        raise Contact.DoesNotExist
    return found


def caller(code: str) -> Actor:
    """That contact of a customer, as somebody who acts."""
    return actor_for_contact(contact(code))


def sign_in(client: Client, user: User) -> None:
    """From now on that client is that account's, whatever its password."""
    client.force_login(user, backend=BACKEND)


def client_of(number: str, **options: Any) -> Client:
    """A browser in which that person has signed in; `options` are those of Django's test client."""
    client = Client(**options)
    sign_in(client, person(number))
    return client


def stand_in(role: str, absent: str, deputy: str) -> None:
    """The deputy has the absent person's role from yesterday until tomorrow."""
    Delegation.objects.create(
        role=role,
        from_user=person(absent),
        to_user=person(deputy),
        starts_at=now() - timedelta(days=1),
        ends_at=now() + timedelta(days=1),
        reason="休假",
    )
