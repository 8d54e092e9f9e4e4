"""Who holds which role, and who is calling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import StrIndex

from accounts.actors import CHINA, local_day
from accounts.models import (
    ApiToken,
    Contact,
    Customer,
    Delegation,
    Department,
    Qualification,
    Role,
    RoleGrant,
    User,
)
from base.clock import now
from base.phones import candidates, numbers
from base.text import fold
from search.queries import matching

FEWEST_SIGNS = 2


def holders(
    role: str, *, department: Department | None = None, customer: Customer | None = None, on: date | None = None
) -> list[User]:
    """Everybody who holds the role in that scope on that day (default today), deputies too, by employee number.

    One query, by `grant_role_scope`.
    """
    own, lent = _standing(role, department, customer, on or local_day(now()))
    return list(_people(own, lent))


def staff_reached_by(*means: str) -> User | None:
    """Who of our own staff is reached by one of these numbers or addresses; one query, none for empty ones.

    A walk over the accounts, which are few; asked only for callers of no customer.
    """
    given = [each.strip() for each in means if each.strip()]
    if not given:
        return None
    phones = [number for each in given for number in candidates(each)]
    by_mail = reduce(or_, (Q(email__iexact=each) for each in given))
    return User.objects.filter(Q(mobile__in=phones) | by_mail, is_active=True).order_by("employee_number").first()


def head_of(department: Department) -> User | None:
    """Who decides for the department now: the deputy while one stands in, else the head; one query."""
    return _first(Role.DEPARTMENT_HEAD, department=department, deputy_first=True)


def deputies_of(user: User, role: str) -> list[User]:
    """Who stands in for the person in that role at this moment, by employee number; one query."""
    lent = _running(now()).filter(from_user=user, role=role)
    return list(User.objects.filter(pk__in=lent.values("to_user")).order_by("employee_number"))


def desk_of(customer: Customer | None) -> User | None:
    """The holder of the customer's service desk, who stays accountable while a deputy works; one query."""
    return _first(Role.SERVICE_DESK, customer=customer) if customer else None


def duty_desk(department: Department) -> User | None:
    """The holder of the department's duty desk, who takes the calls of unknown customers; one query."""
    return _first(Role.DUTY_DESK, department=department)


def with_duty_desk() -> QuerySet[Department]:
    """The departments that take calls of unknown customers: somebody holds their duty desk today; by their code."""
    held = RoleGrant.objects.in_force(local_day(now())).filter(role=Role.DUTY_DESK, department=OuterRef("pk"))
    return Department.objects.filter(Exists(held)).order_by("code")


def custodian_of(department: Department) -> User | None:
    """The holder of the department's files (5.4.7); one query."""
    return _first(Role.CUSTODIAN, department=department)


def running_delegations(role: Role, at: datetime) -> QuerySet[Delegation]:
    """Who is away as holder of the role at that moment, each with the deputy; one query."""
    return _running(at).filter(role=role).select_related("from_user", "to_user")


@dataclass(frozen=True)
class Holding:
    """Who holds a role today, for what, and who stands in at this moment."""

    role: Role
    user: User
    department: Department | None
    customer: Customer | None
    deputy: User | None


def todays_holders() -> dict[Role, list[Holding]]:
    """Every grant in force by role, for the table of clause 4.1 (R-4.1-3); two queries, as many rows as grants."""
    at = now()
    deputies = list(_running(at).select_related("to_user"))
    found: dict[Role, list[Holding]] = {}
    grants = RoleGrant.objects.in_force(local_day(at)).select_related("user", "department", "customer")
    for grant in grants.order_by("role", "department__code", "customer__code", "user__employee_number"):
        holding = Holding(Role(grant.role), grant.user, grant.department, grant.customer, _deputy_of(grant, deputies))
        found.setdefault(holding.role, []).append(holding)
    return found


def find_contacts(
    text: str, *, own: QuerySet[Customer] | None = None, others: bool = True, limit: int = 8
) -> list[Contact]:
    """Contacts whose number holds what was typed or shown (3 digits or more), or whose name or company does (2 signs).

    Those at `own` customers stand first, and with `others` false alone; then numbers that begin so. Text and numbers
    are compared as `base.text.fold` and `base.phones.numbers` have them. Each comes with customer and department. One
    statement: names by the search index, digits by one pass over the active contacts, since no index serves a middle
    part (with 20,000 of them 15 ms on SQLite, 0.1 s on PostgreSQL).
    """
    fits = _fits(text)
    if not fits:
        return []
    contacts = Contact.objects.filter(reduce(or_, fits), is_active=True)
    contacts = contacts.select_related("customer", "customer__department")
    if own is not None:
        at_own = Q(customer__in=own.order_by().values("pk"))
        contacts = contacts.annotate(is_own=ExpressionWrapper(at_own, output_field=BooleanField()))
        contacts = contacts.order_by("-is_own") if others else contacts.filter(at_own)
    found = contacts.annotate(place=_place(numbers(text)))
    order = [*found.query.order_by, F("place").asc(nulls_last=True), "customer__code", "code"]
    return list(found.order_by(*order)[:limit])


def _fits(text: str) -> list[Q]:
    fits = [Q(digits__contains=number) for number in numbers(text)]
    keys = matching(Contact.stream_kind, text) if len("".join(fold(text).split())) >= FEWEST_SIGNS else None
    return fits if keys is None else [*fits, Q(pk__in=keys)]


def _place(sought: Iterable[str]) -> Case:
    """Where in the digits of the contact the sought number begins."""
    places = (When(digits__contains=number, then=StrIndex("digits", Value(number))) for number in sought)
    return Case(*places, output_field=IntegerField())


def contacts_of(customer: Customer) -> list[Contact]:
    """The customer's active contacts, those who may confirm first; one query by `contact_customer`."""
    return list(customer.contacts.filter(is_active=True).order_by("-may_confirm", "code"))


def grants_of(user: User) -> list[RoleGrant]:
    """All grants that the person has had or has, newest first; one query by the index of the user."""
    return list(user.grants.select_related("department", "customer", "granted_by").order_by("-starts_on", "-id"))


def delegations_of(user: User) -> list[Delegation]:
    """Delegations from or to the person that have not ended; one query."""
    return list(
        Delegation.objects.filter(Q(from_user=user) | Q(to_user=user), ends_at__gt=now()).select_related(
            "from_user", "to_user", "department", "customer"
        )
    )


def is_qualified(user: User, kind: str, on: date) -> bool:
    """Whether a proof of that kind is in force on that day (clause 8); one row by `qualification_user`."""
    proofs = Qualification.objects.filter(user=user, kind=kind, obtained_on__lte=on)
    return proofs.filter(Q(expires_on=None) | Q(expires_on__gte=on)).exists()


def tokens_of(user: User) -> list[ApiToken]:
    """The person's API tokens, also revoked and expired ones, newest first; one query."""
    return list(user.tokens.order_by("-created_at", "-id"))


def _first(
    role: Role,
    *,
    department: Department | None = None,
    customer: Customer | None = None,
    deputy_first: bool = False,
) -> User | None:
    own, lent = _standing(role, department, customer, local_day(now()))
    if not deputy_first:
        return _people(own, lent.none()).first()
    running = lent.filter(starts_at__lte=now(), ends_at__gt=now())
    return (
        _people(own, running)
        .annotate(stands_in=Exists(running.filter(to_user=OuterRef("pk"))))
        .order_by("-stands_in", "employee_number")
        .first()
    )


def _standing(
    role: str, department: Department | None, customer: Customer | None, day: date
) -> tuple[QuerySet[RoleGrant], QuerySet[Delegation]]:
    """The grants of the role in that scope on that day, and the delegations of them that touch the day."""
    own = RoleGrant.objects.in_force(day).filter(role=role)
    start = datetime.combine(day, time(), CHINA)
    lent = Delegation.objects.filter(role=role, starts_at__lt=start + timedelta(days=1), ends_at__gt=start)
    for name, scope in (("department", department), ("customer", customer)):
        if scope is not None:
            inside = Q(**{name: None}) | Q(**{name: scope})
            own, lent = own.filter(inside), lent.filter(inside)
    return own, lent.filter(from_user__in=own.values("user"))


def _people(own: QuerySet[RoleGrant], lent: QuerySet[Delegation]) -> QuerySet[User]:
    held = Q(pk__in=own.values("user")) | Q(pk__in=lent.values("to_user"))
    return User.objects.filter(held, is_active=True).order_by("employee_number")


def _running(at: datetime) -> QuerySet[Delegation]:
    return Delegation.objects.filter(starts_at__lte=at, ends_at__gt=at, to_user__is_active=True)


def _deputy_of(grant: RoleGrant, delegations: Iterable[Delegation]) -> User | None:
    for one in delegations:
        inside = one.department_id in (None, grant.department_id) and one.customer_id in (None, grant.customer_id)
        if one.role == grant.role and one.from_user_id == grant.user_id and inside:
            return one.to_user
    return None
