"""Which declarations an actor may see: lists, counts, search and exports show what the record page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import BigIntegerField, CharField, DateTimeField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import GreaterThan

from accounts.actors import Actor, Held
from accounts.models import Contact, Role, User
from base.among import Among
from base.clock import now
from base.compiled import CompiledRecords, CompiledValues, Parameter
from base.parsing import is_storable
from incidents.access.standing import DESK_ROLES, ENDED, RECEIVING_ROLES
from incidents.models import KIND_OF_TYPE, OPEN_STATES, Declaration, Handover, State, Type
from procedure.queries import drop_outdated

Row = TypeVar("Row", bound=Model)
OPEN = sorted(OPEN_STATES)
TOGETHER = 16
# The moment at which is asked, in a statement that is kept.
AT = Parameter("at", DateTimeField())


def handed_to(actor: Actor) -> Q:
    """The declarations whose receiver is `actor`, or somebody for whom they stand in as such a receiver."""
    condition = Q(receiver=actor.user.pk if actor.user else None)
    for held in actor.grants:
        types = [type for type, kind in KIND_OF_TYPE.items() if RECEIVING_ROLES[kind] == held.role]
        if held.on_behalf_of is not None and types:
            condition |= Q(receiver=held.on_behalf_of.pk, type__in=types)
    return condition


def visible(actor: Actor, at: datetime | Parameter | None = None) -> Q:
    """The declarations that `actor` may see at `at` (default now), as one condition for lists, counts, search and
    exports (design 4.10).

    Every part of it has an index on the declaration itself, so that few are found without reading all.
    """
    if actor.is_system:
        return Q()
    if actor.contact is not None:
        return Q(customer_id=actor.contact.customer_id, restricted=False)
    if actor.user is None:
        return Q(pk__in=[])
    person = actor.user.pk
    # What was completed names its receiver itself; the others, returned or under way, stay few (`handover_unfinished`).
    unfinished = Handover.objects.filter(receiver=person, completed_at=None).order_by()
    handed = Among("pk", unfinished.values("declaration"))
    named = Q(relayed_by=person) | Q(accepted_by=person) | Q(handler=person) | Q(handed)
    open_to = Q(restricted=False) & (_open_to_roles(actor, at or now()) | named)
    return open_to | _restricted_to_roles(actor) | handed_to(actor)


def _open_to_roles(actor: Actor, at: datetime | Parameter) -> Q:
    assert actor.user is not None
    condition = Q(customer__in=actor.customers(Role.SERVICE_DESK))
    if any(held.role in DESK_ROLES for held in actor.grants):
        condition |= Q(department=actor.user.department_id)
    condition |= Q(department__in=actor.departments(Role.DUTY_DESK, Role.DEPARTMENT_HEAD))
    condition |= Q(department__in=actor.departments(Role.CUSTODIAN), state__in=ENDED)
    if actor.holds(Role.RISK_CONTROL):
        condition |= Q(type=Type.SERVICE_REQUEST) | ~Q(escalation_state="")
    if actor.holds(Role.PROBLEM_MANAGER):
        condition |= ~Q(problem_number="") | Q(problem_withdrawn_at__isnull=False)
        # Also the later ones that joined its incident, asked one by one: all problems grow with the years.
        first = Declaration.objects.filter(pk=OuterRef("linked_to")).values("problem_number")
        condition |= Q(linked_to__isnull=False) & Q(GreaterThan(Subquery(first), Value("")))
    if actor.holds(Role.AUDITOR):
        condition |= Q(state__in=ENDED)
    if actor.holds(Role.MANAGEMENT):
        # Where the solution is overdue and still owed, the clock that is shown is overdue.
        owed = Q(shown_due_at__lte=at, state__in=OPEN) | Q(state=State.RESOLVED)
        condition |= Q(owed, due_at__lte=at, clock_stands=False) | Q(is_major=True)
        condition |= Q(escalation_climbed=True) & ~Q(escalation_state="")
    return condition


def _restricted_to_roles(actor: Actor) -> Q:
    """Security records: their desk, the security officer, the head and the auditor (R-5.4.2-7)."""
    condition = Q(customer__in=actor.customers(Role.SERVICE_DESK))
    condition |= Q(department__in=actor.departments(Role.DEPARTMENT_HEAD))
    condition |= Q(customer__isnull=True, department__in=actor.departments(Role.DUTY_DESK))
    if actor.holds(Role.SECURITY_OFFICER):
        condition |= Q(restricted=True)
    if actor.holds(Role.AUDITOR):
        condition |= Q(state__in=ENDED)
    return Q(restricted=True) & condition


def declarations(actor: Actor) -> QuerySet[Declaration]:
    """Every declaration that `actor` may see."""
    return Declaration.objects.filter(visible(actor))


def declaration_for_reading(actor: Actor, number: str) -> Declaration:
    """The declaration with that number; raises Declaration.DoesNotExist for an unknown and for a foreign one alike.

    What this process remembers of its procedure under another header is dropped, so that what is shown and written next
    has the names of today.
    """
    if not is_storable(number):
        raise Declaration.DoesNotExist
    found = declaration_with(READ_WITH, actor, number)
    drop_outdated(found.procedure_version)
    return found


def declaration_with(related: tuple[str, ...], actor: Actor, number: str) -> Declaration:
    """The same with other rows that belong to it; one statement, whose text is kept for each actor."""
    found = _compiled(related, *who(actor)).first(number=number, at=now())
    if found is None:
        raise Declaration.DoesNotExist
    return found


@lru_cache(maxsize=512)
def _compiled(related: tuple[str, ...], *whose: Any) -> CompiledRecords[Declaration]:
    seen, number = _seen_by(*whose), Parameter("number", CharField())
    return CompiledRecords(lambda: Declaration.objects.filter(seen, number=number).select_related(*related))


def seen_rows(
    actor: Actor, narrow: Callable[[QuerySet[Declaration]], QuerySet[Any, Any]], **values: Any
) -> Iterator[tuple[Any, ...]]:
    """What `narrow` asks of the declarations that the actor may see; one statement, kept as above.

    `narrow` makes a query for values of them in which `values` stand as `Parameter`, and is a function of a module.
    """
    return _compiled_rows(narrow, *who(actor)).rows(**values, at=now())


def seen_records(
    actor: Actor, narrow: Callable[[QuerySet[Declaration]], QuerySet[Row, Row]], **values: Any
) -> list[Row]:
    """The same where `narrow` makes a query for whole rows."""
    return _compiled_rows(narrow, *who(actor)).found(**values, at=now())


@lru_cache(maxsize=512)
def _compiled_rows(narrow: Callable[[QuerySet[Declaration]], QuerySet[Any, Any]], *whose: Any) -> CompiledRecords[Any]:
    seen = _seen_by(*whose)
    return CompiledRecords(lambda: narrow(Declaration.objects.filter(seen)))


def sees_any(actor: Actor, keys: Iterable[int]) -> bool:
    """Whether the actor may see one of these declarations; a statement for every `TOGETHER` of them, kept as above."""
    compiled, wanted = _compiled_keys(*who(actor)), list(keys)
    parts = (wanted[start : start + TOGETHER] for start in range(0, len(wanted), TOGETHER))
    return any(_are_found(compiled, part) for part in parts)


def _are_found(compiled: CompiledValues, keys: list[int]) -> bool:
    # The statement has room for as many; the last one stands in it again.
    padded = [*keys, *[keys[-1]] * (TOGETHER - len(keys))]
    named = {f"key{place}": key for place, key in enumerate(padded)}
    return any(True for _row in compiled.rows(**named, at=now()))


@lru_cache(maxsize=512)
def _compiled_keys(*whose: Any) -> CompiledValues:
    seen = _seen_by(*whose)
    keys: list[Any] = [Parameter(f"key{place}", BigIntegerField()) for place in range(TOGETHER)]
    return CompiledValues(lambda: Declaration.objects.filter(seen, pk__in=keys).values_list("pk")[:1])


def who(actor: Actor) -> tuple[Any, ...]:
    """All of an actor that `visible` asks for, so that nothing is kept which an account or a contact has changed."""
    user, contact = actor.user, actor.contact
    account = (user.pk, user.department_id) if user else None
    return account, contact and contact.customer_id, actor.grants, actor.is_system


def _seen_by(*whose: Any) -> Q:
    """What such an actor may see at the moment that is given."""
    return visible(actor_like(*whose), AT)


def actor_like(
    account: tuple[int, int] | None, customer: int | None, grants: tuple[Held, ...], is_system: bool
) -> Actor:
    """An actor of whom that much is known which `who` tells."""
    user = User(pk=account[0], department_id=account[1]) if account else None
    contact = Contact(customer_id=customer) if customer else None
    return Actor(user, contact, grants, is_system=is_system)


READ_WITH = (
    "customer",
    "contract",
    "contact",
    "department",
    "desk",
    "handler",
    "accepted_by",
    "response_clock__calendar_version",
    "resolution_clock__calendar_version",
    "procedure_version",
)
