"""Who is acting: one person, contact or the system, with all that he may do at that moment, read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, DateField, DateTimeField, Exists, OuterRef, Q, QuerySet

from accounts.models import Contact, Customer, Delegation, Department, Role, RoleGrant, User
from base.clock import now
from base.compiled import CompiledValues, Parameter
from ledger.signature import Signature

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Held:
    """A role in force, for a department or a customer if it is bound to one; `on_behalf_of` if held as a deputy."""

    role: Role
    department_id: int | None = None
    customer_id: int | None = None
    on_behalf_of: User | None = None

    def covers(self, department_id: int | None, customer_id: int | None) -> bool:
        """Whether it reaches that department and customer; None asks for nothing."""
        return (department_id is None or self.department_id in (None, department_id)) and (
            customer_id is None or self.customer_id in (None, customer_id)
        )


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. With neither user nor contact it is the system, or a stranger who may do nothing.

    `via` is the way in when it is not the portal ("api", "mail", "tracking").
    """

    user: User | None = None
    contact: Contact | None = None
    grants: tuple[Held, ...] = ()
    via: str = ""
    is_system: bool = False

    def holds(self, role: str, *, department_id: int | None = None, customer_id: int | None = None) -> Held | None:
        """The grant that gives the role in that scope: the own one before that of a deputy."""
        return next(iter(self.held(role, department_id=department_id, customer_id=customer_id)), None)

    def held(self, role: str, *, department_id: int | None = None, customer_id: int | None = None) -> tuple[Held, ...]:
        """All grants of the role in that scope, own ones first. Everybody who may sign in holds `staff`."""
        if role == Role.STAFF:
            return (Held(Role.STAFF),) if self.user else ()
        return tuple(held for held in self.grants if held.role == role and held.covers(department_id, customer_id))

    def departments(self, *roles: str) -> frozenset[int]:
        """The departments for which one of the roles is held."""
        return frozenset(held.department_id for held in self.grants if held.role in roles and held.department_id)

    def customers(self, *roles: str) -> frozenset[int]:
        """The customers for whom one of the roles is held."""
        return frozenset(held.customer_id for held in self.grants if held.role in roles and held.customer_id)

    def signature(self, held: Held | None = None) -> Signature:
        """What the ledger writes down: the real person, in the role that he acts in, and for whom."""
        if self.is_system:
            return SYSTEM_SIGNATURE
        if self.contact:
            return Signature("contact", self.contact.stream, self.contact.name, role="contact", via=self.via)
        if self.user is None:
            return Signature("system", "anonymous", "", via=self.via)
        absent = held.on_behalf_of if held else None
        return Signature(
            "staff",
            self.user.stream,
            self.user.name,
            role=held.role.value if held else "",
            on_behalf_of=absent.stream if absent else "",
            on_behalf_of_name=absent.name if absent else "",
            via=self.via,
        )


SYSTEM_SIGNATURE = Signature("system", "system", "system")
SYSTEM = Actor(is_system=True)
NOBODY = Actor()


def stranger(address: str) -> Signature:
    """What the ledger writes down of somebody who has not signed in: where the request came from."""
    return Signature("system", f"address:{address}"[:60] if address else "anonymous", "anonymous")


def local_day(at: datetime) -> date:
    """The date in China at that instant: grants run by days there."""
    return at.astimezone(CHINA).date()


def actor_for(user: User | AnonymousUser, at: datetime | None = None, *, via: str = "") -> Actor:
    """The user with every role held at `at` (default now), also as a deputy; one query, by the indexes of the user
    on grants and of the deputy on delegations. Who may not sign in holds nothing and is nobody.

    The duty desk is also the service desk of the customers of its department that have none; a second query.
    """
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    at = at or now()
    day = local_day(at)
    held = _own_first(user, GRANTS.rows(user=user.pk, at=at, day=day))
    return Actor(user=user, grants=(*held, *_without_desk(held, day)), via=via)


def actor_for_contact(contact: Contact, *, via: str = "tracking") -> Actor:
    """A customer's contact, who holds no role."""
    return Actor(contact=contact, via=via)


def _grants() -> QuerySet[RoleGrant, Any]:
    user, at = Parameter("user", BigIntegerField()), Parameter("at", DateTimeField())
    lent = Delegation.objects.filter(
        Q(department=None) | Q(department=OuterRef("department")),
        Q(customer=None) | Q(customer=OuterRef("customer")),
        to_user=user,
        from_user=OuterRef("user"),
        role=OuterRef("role"),
        starts_at__lte=at,
        ends_at__gt=at,
        declined_at=None,
    )
    found = RoleGrant.objects.in_force(Parameter("day", DateField())).filter(Q(user=user) | Exists(lent))
    holder = [*(f"user__{name}" for name in PERSON), *(f"user__department__{name}" for name in UNIT)]
    return found.values_list("role", "department", "customer", *holder)


def _desks_missing() -> QuerySet[Customer, Any]:
    desks = RoleGrant.objects.in_force(Parameter("day", DateField()))
    without = Customer.objects.filter(
        ~Exists(desks.filter(role=Role.SERVICE_DESK, customer=OuterRef("pk"))),
        department=Parameter("department", BigIntegerField()),
        in_service_scope=True,
    )
    return without.order_by("pk").values_list("pk")


PERSON = [field.attname for field in User._meta.concrete_fields]
UNIT = [field.attname for field in Department._meta.concrete_fields]
GRANTS, DESKS_MISSING = CompiledValues(_grants), CompiledValues(_desks_missing)


def _without_desk(held: tuple[Held, ...], day: date) -> Iterator[Held]:
    """The service desk of each customer that nobody has as desk on that day, for the duty desk of its department."""
    duties = {each.department_id: each for each in reversed(held) if each.role == Role.DUTY_DESK}
    for department, duty in duties.items():
        for (customer,) in DESKS_MISSING.rows(department=department, day=day):
            yield Held(Role.SERVICE_DESK, customer_id=customer, on_behalf_of=duty.on_behalf_of)


def _own_first(user: User, rows: Iterable[tuple[Any, ...]]) -> tuple[Held, ...]:
    held = []
    for role, department, customer, *holder in rows:
        person = User.from_db(DEFAULT_DB_ALIAS, PERSON, holder[: len(PERSON)])
        person.department = Department.from_db(DEFAULT_DB_ALIAS, UNIT, holder[len(PERSON) :])
        _take_department(user, person)
        held.append(Held(Role(role), department, customer, on_behalf_of=None if person.pk == user.pk else person))
    return tuple(sorted(held, key=lambda one: one.on_behalf_of is not None))


def _take_department(user: User, holder: User) -> None:
    """Every page names the department of its reader: it came with the grants, so it is not asked for again."""
    if holder.pk == user.pk and holder.department_id == user.department_id:
        user.department = holder.department
