"""A small firm: one department with its people, one customer with its contacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client

from accounts.actions import create_contact, create_customer, create_department, create_user, grant_role
from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import Contact, Customer, Department, Role, User
from base.clock import now
from tests import databases

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
PASSWORD = "a-long-and-odd-one"
PEOPLE = ("head", "desk", "clerk", "admin", "deputy")


@dataclass
class Firm:
    """Who is who; `actor(name)` is the person with what he holds now."""

    department: Department
    other_department: Department
    customer: Customer
    contact: Contact
    people: dict[str, User]

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def actor(self, name: str) -> Actor:
        return actor_for(self.people[name])


def person(name: str, department: Department, **values: object) -> User:
    return create_user(
        actor=SYSTEM,
        username=name,
        employee_number=f"N-{name}",
        name=name.title(),
        department=department,
        password=PASSWORD,
        **values,
    )


def signed_in(user: User) -> Client:
    """A browser of that person, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="accounts.signed_in.Accounts")
    return client


def open_small_firm() -> None:
    department = create_department(actor=SYSTEM, code="D1", name="金融业务一部", name_en="Finance")
    create_department(actor=SYSTEM, code="D2", name="客户联络业务部")
    people = {name: person(name, department) for name in PEOPLE}
    customer = create_customer(actor=SYSTEM, code="C01", name="示例银行A股份有限公司", department=department)
    create_contact(
        actor=SYSTEM,
        customer=customer,
        name="沈亦舟",
        mobile="139 0000 1001",
        phone="（010）0000-0101",
        may_confirm=True,
    )
    grants = {
        "head": (Role.DEPARTMENT_HEAD, {"department": department}),
        "desk": (Role.SERVICE_DESK, {"customer": customer}),
        "admin": (Role.ADMINISTRATOR, {}),
    }
    for name, (role, scope) in grants.items():
        grant_role(actor=SYSTEM, user=people[name], role=role, reason="first grants", **scope)


@pytest.fixture(scope="session")
def small_firm_database(
    request: pytest.FixtureRequest, migrated_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """The name of a database of this process with that firm, which is made once for all."""
    folder = request.config.cache.mkdir("databases")
    with django_db_blocker.unblock():
        kept = databases.kept(folder, "small_firm", open_small_firm, at=MONDAY, template=migrated_database)
    with databases.copied("small_firm", kept, django_db_blocker) as name:
        yield name


@pytest.fixture
def firm(small_firm_database: str, db: None) -> Iterator[Firm]:
    """What the test makes of it is undone."""
    with databases.opened(small_firm_database), transaction.atomic():
        yield Firm(
            department=Department.objects.get(code="D1"),
            other_department=Department.objects.get(code="D2"),
            customer=Customer.objects.get(),
            contact=Contact.objects.get(),
            people={name: User.objects.get(username=name) for name in PEOPLE},
        )
        transaction.set_rollback(True)


@pytest.fixture
def at_nine(clock) -> datetime:
    """Time stands at nine on a Monday."""
    return clock.set(MONDAY) and now()
