"""People, and what belongs to each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, local_day
from accounts.models import ApiToken, Delegation, PasswordLink, Qualification, Role, RoleGrant, User
from base.clock import now
from base.paging import Order, Page, page
from base.phones import numbers
from ledger.exceptions import NotPermitted

LARGEST_KEY = 2**31
MOST_DELEGATIONS = 50
MOST_ABSENCES = 200


@dataclass(frozen=True)
class Wanted:
    """Which people: whose name, number, account or mobile holds `text`; `state` is active, left or empty for all."""

    text: str = ""
    department: int | None = None
    role: str = ""
    state: str = "active"


def people_page(readable: QuerySet[User], wanted: Wanted, cursor: str = "") -> Page[User]:
    """One page of people by employee number, with their departments; one statement.

    A text is looked for by a walk over the people in question, who are few; everything else has its index.
    """
    found = readable.select_related("department")
    if wanted.text:
        found = found.filter(_holding(wanted.text))
    if wanted.department is not None:
        found = found.filter(department=wanted.department)
    if wanted.role:
        grants = RoleGrant.objects.in_force(local_day(now())).filter(user=OuterRef("pk"), role=wanted.role)
        found = found.filter(Exists(grants))
    if wanted.state:
        found = found.filter(is_active=wanted.state == "active")
    return page(found, Order("employee_number"), cursor)


def person(readable: QuerySet[User], key: int) -> User | None:
    """The person with that key among the readable ones, with the department; one row."""
    return readable.select_related("department").filter(pk=key).first() if key < LARGEST_KEY else None


def account_of(actor: Actor) -> User:
    """The account of whoever is signed in; no query. Raises `NotPermitted` for the system and strangers."""
    if actor.user is None:
        raise NotPermitted(_("Sign in first."))
    return actor.user


def roles_of(users: Iterable[User]) -> dict[int, list[str]]:
    """The names of the roles that each of them holds today, once each; one query by the index of the user."""
    grants = RoleGrant.objects.in_force(local_day(now())).filter(user__in=[each.pk for each in users])
    held: dict[int, list[str]] = {}
    for user, role in grants.order_by("role").values_list("user", "role").distinct():
        held.setdefault(user, []).append(str(Role(role).label))
    return held


def colleagues(besides: User | None = None) -> QuerySet[User]:
    """Everybody who may sign in, by employee number, but for that person."""
    active = User.objects.filter(is_active=True).order_by("employee_number")
    return active.exclude(pk=besides.pk) if besides else active


def grants_of(user: User) -> list[RoleGrant]:
    """All grants that the person has had or has, newest first; one query by the index of the user."""
    return list(user.grants.select_related("department", "customer", "granted_by").order_by("-starts_on", "-id"))


def grant(key: int) -> RoleGrant | None:
    """The grant with that key, with person and scope; one row."""
    if key >= LARGEST_KEY:
        return None
    return RoleGrant.objects.select_related("user", "department", "customer").filter(pk=key).first()


def delegations_of(user: User) -> list[Delegation]:
    """Delegations from or to the person that have not ended; one query."""
    return list(_delegations(user).filter(ends_at__gt=now()))


def all_delegations_of(user: User) -> list[Delegation]:
    """The last delegations from or to the person, also ended ones, newest first; one query."""
    return list(_delegations(user).order_by("-starts_at", "-id")[:MOST_DELEGATIONS])


def qualifications_of(user: User) -> list[Qualification]:
    """The person's proofs of skill, newest first; one query by `qualification_user`."""
    return list(user.qualifications.order_by("kind", "-obtained_on", "-id"))


def is_qualified(user: User, kind: str, on: date) -> bool:
    """Whether a proof of that kind is in force on that day (clause 8); one row by `qualification_user`."""
    proofs = Qualification.objects.filter(user=user, kind=kind, obtained_on__lte=on)
    return proofs.filter(Q(expires_on=None) | Q(expires_on__gte=on)).exists()


def tokens_of(user: User) -> list[ApiToken]:
    """The person's API tokens, also revoked and expired ones, newest first; one query."""
    return list(user.tokens.order_by("-created_at", "-id"))


def owner_of_link(digest: str) -> User | None:
    """Whose password the open link with that digest sets; None for one that opens nothing. One row."""
    link = PasswordLink.objects.select_related("user").filter(digest=digest, user__is_active=True).first()
    return link.user if link is not None and link.opens(now()) else None


def grants_to_hand_on(user: User) -> list[RoleGrant]:
    """The roles that the person holds today or will hold; one query by the index of the user."""
    running = user.grants.filter(Q(ends_on=None) | Q(ends_on__gte=local_day(now())))
    return list(running.select_related("department", "customer").order_by("role", "pk"))


def stands_in_for(user: User) -> list[Delegation]:
    """What the person stands in for, now or later; one query by `delegation_deputy`."""
    return list(_open_delegations().filter(to_user=user))


def lent_by(user: User) -> list[Delegation]:
    """What others stand in for the person, now or later; one query."""
    return list(_open_delegations().filter(from_user=user))


def _open_delegations() -> QuerySet[Delegation]:
    found = Delegation.objects.filter(ends_at__gt=now(), declined_at=None)
    return found.select_related("from_user", "to_user", "department", "customer").order_by("pk")


def absences_in(departments: Iterable[int]) -> list[Delegation]:
    """Who of the departments is away now or will be, and who declined to stand in; one query."""
    lent = Delegation.objects.filter(from_user__department__in=departments, ends_at__gt=now())
    found = lent.select_related("from_user", "to_user", "department", "customer")
    return list(found.order_by("starts_at", "id")[:MOST_ABSENCES])


def earlier_deputies(user: User) -> list[int]:
    """Whom the person named as deputy before, the last one first; one query."""
    named = Delegation.objects.filter(from_user=user, declined_at=None).order_by("-starts_at", "-id")
    return list(dict.fromkeys(named.values_list("to_user", flat=True)[:MOST_DELEGATIONS]))


def delegation(key: int) -> Delegation | None:
    """The delegation with that key, with both people; one row."""
    if key >= LARGEST_KEY:
        return None
    return Delegation.objects.select_related("from_user", "to_user").filter(pk=key).first()


def token(user: User, key: int) -> ApiToken | None:
    """The person's own token with that key; one row."""
    return user.tokens.filter(pk=key).first() if key < LARGEST_KEY else None


def _delegations(user: User) -> QuerySet[Delegation]:
    both = Delegation.objects.filter(Q(from_user=user) | Q(to_user=user))
    return both.select_related("from_user", "to_user", "department", "customer")


def _holding(text: str) -> Q:
    fits = Q()
    for name in ("name", "name_en", "employee_number", "username"):
        fits |= Q(**{f"{name}__icontains": text})
    for number in numbers(text):
        fits |= Q(mobile__contains=number)
    return fits
