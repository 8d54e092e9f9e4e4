"""Who holds which role, and who stands in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import CHINA, local_day
from accounts.models import Customer, Delegation, Department, Role, RoleGrant, User
from base.clock import now


def holders(
    role: str, *, department: Department | None = None, customer: Customer | None = None, on: date | None = None
) -> list[User]:
    """Everybody who holds the role in that scope on that day (default today), deputies too, by employee number.

    One query, by `grant_role_scope`.
    """
    own, lent = _standing(role, department, customer, on or local_day(now()))
    return list(_people(own, lent))


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
    found: dict[Role, list[Holding]] = {}
    for holding in _holdings(RoleGrant.objects.in_force(local_day(now()))):
        found.setdefault(holding.role, []).append(holding)
    return found


def holdings_of(role: str, department: Department) -> list[Holding]:
    """Who holds the role for the department or the whole firm today; two queries, by `grant_role_scope`."""
    reaching = Q(department=department) | Q(department=None)
    return list(_holdings(RoleGrant.objects.in_force(local_day(now())).filter(reaching, role=role)))


def holdings_in(roles: Iterable[str], departments: Collection[int]) -> list[Holding]:
    """Who holds one of the roles for one of these departments or the whole firm today; two queries."""
    reaching = Q(department__in=departments) | Q(department=None)
    return list(_holdings(RoleGrant.objects.in_force(local_day(now())).filter(reaching, role__in=roles)))


def _holdings(grants: QuerySet[RoleGrant]) -> Iterator[Holding]:
    deputies = list(_running(now()).select_related("to_user"))
    ordered = grants.order_by("role", "department__code", "customer__code", "user__employee_number")
    for grant in ordered.select_related("user", "department", "customer"):
        yield Holding(Role(grant.role), grant.user, grant.department, grant.customer, _deputy_of(grant, deputies))


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
    lent = Delegation.objects.filter(
        role=role, starts_at__lt=start + timedelta(days=1), ends_at__gt=start, declined_at=None
    )
    for name, scope in (("department", department), ("customer", customer)):
        if scope is not None:
            inside = Q(**{name: None}) | Q(**{name: scope})
            own, lent = own.filter(inside), lent.filter(inside)
    return own, lent.filter(from_user__in=own.values("user"))


def _people(own: QuerySet[RoleGrant], lent: QuerySet[Delegation]) -> QuerySet[User]:
    held = Q(pk__in=own.values("user")) | Q(pk__in=lent.values("to_user"))
    return User.objects.filter(held, is_active=True).order_by("employee_number")


def _running(at: datetime) -> QuerySet[Delegation]:
    return Delegation.objects.filter(starts_at__lte=at, ends_at__gt=at, declined_at=None, to_user__is_active=True)


def _deputy_of(grant: RoleGrant, delegations: Iterable[Delegation]) -> User | None:
    for one in delegations:
        inside = one.department_id in (None, grant.department_id) and one.customer_id in (None, grant.customer_id)
        if one.role == grant.role and one.from_user_id == grant.user_id and inside:
            return one.to_user
    return None
