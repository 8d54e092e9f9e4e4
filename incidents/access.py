"""Who may see a declaration and who may do what on it: asked by pages, API and jobs alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Held
from accounts.models import Role
from base.among import Among
from base.clock import now
from base.parsing import is_storable
from incidents.models import (
    END_STATES,
    KIND_OF_TYPE,
    OPEN_STATES,
    UNDECIDED_ESCALATION,
    Capacity,
    Declaration,
    Handover,
    HandoverKind,
    Move,
    State,
    Type,
    moves,
)
from ledger.exceptions import NotPermitted, NotPossible, Reason

RECEIVING_ROLES = {
    HandoverKind.COMPLAINT: Role.COMPLAINT_OWNER,
    HandoverKind.INFOSEC: Role.SECURITY_OFFICER,
    HandoverKind.SALES: Role.SALES,
}
# In which roles one becomes the handler: whoever stands in for one of them handles in his place.
HANDLING_ROLES = (Role.SERVICE_DESK, Role.DUTY_DESK, Role.DEPARTMENT_HEAD)
DESK_ROLES = (Role.SERVICE_DESK, Role.DUTY_DESK)
# Who may read a security record, and so work on it (R-5.4.2-7).
TRUSTED = frozenset(
    {
        Capacity.STAFF,
        Capacity.DESK,
        Capacity.HEAD,
        Capacity.SECURITY_OFFICER,
        Capacity.AUDITOR,
        Capacity.RECEIVER,
    }
)
ENDED = sorted(END_STATES | {State.CLOSED})
OPEN = sorted(OPEN_STATES)
NOT_YOURS = _("No such record, or not yours to see.")


def capacities(actor: Actor, declaration: Declaration) -> dict[str, Held | None]:
    """In which capacities `actor` stands to `declaration`, each with the grant (own or deputised) that gives it.

    No query: grants come with the actor, the rest stands on the row.
    """
    if actor.is_system:
        return {Capacity.INTAKE: None}
    if actor.contact is not None:
        own = actor.contact.customer_id == declaration.customer_id and not declaration.restricted
        return {Capacity.CONTACT: None} if own else {}
    if actor.user is None:
        return {}
    found: dict[str, Held | None] = {Capacity.STAFF: None}
    found.update(_by_role(actor, declaration))
    found.update(_by_name(actor, declaration))
    if declaration.restricted:
        return {capacity: held for capacity, held in found.items() if capacity in TRUSTED}
    return found


def _by_role(actor: Actor, declaration: Declaration) -> dict[str, Held | None]:
    department, ended = declaration.department_id, declaration.state in ENDED
    wanted: dict[str, Held | None] = {
        Capacity.DESK: _desk(actor, declaration),
        Capacity.HEAD: actor.holds(Role.DEPARTMENT_HEAD, department_id=department),
        Capacity.CUSTODIAN: actor.holds(Role.CUSTODIAN, department_id=department) if ended else None,
        Capacity.RISK_CONTROL: actor.holds(Role.RISK_CONTROL) if _before_risk_control(declaration) else None,
        Capacity.AUDITOR: actor.holds(Role.AUDITOR) if ended else None,
        Capacity.SECURITY_OFFICER: actor.holds(Role.SECURITY_OFFICER),
        Capacity.PROBLEM_MANAGER: actor.holds(Role.PROBLEM_MANAGER) if _has_been_problem(declaration) else None,
        Capacity.MANAGEMENT: actor.holds(Role.MANAGEMENT),
        Capacity.NEXT_LEVEL: actor.holds(Role.MANAGEMENT) if _climbed(declaration) else None,
    }
    return {capacity: held for capacity, held in wanted.items() if held is not None}


def _by_name(actor: Actor, declaration: Declaration) -> dict[str, Held | None]:
    assert actor.user is not None
    person = actor.user.pk
    found: dict[str, Held | None] = {}
    named = (
        (Capacity.HANDLER, declaration.handler_id, HANDLING_ROLES),
        (Capacity.RECEIVER, declaration.receiver_id, _receiving_roles(declaration)),
    )
    for capacity, whom, roles in named:
        deputy = _standing_in(actor, declaration, whom, roles)
        if whom == person or deputy is not None:
            found[capacity] = None if whom == person else deputy
    if declaration.relayed_by_id == person and declaration.state == State.RELAYED:
        found[Capacity.RELAYER] = None
    return found


def _receiving_roles(declaration: Declaration) -> tuple[Role, ...]:
    kind = KIND_OF_TYPE.get(Type(declaration.type))
    return (RECEIVING_ROLES[kind],) if kind else ()


def _standing_in(actor: Actor, declaration: Declaration, absent: int | None, roles: tuple[Role, ...]) -> Held | None:
    """The grant by which `actor` stands in for the person who is named there in one of these roles (R-4.1-2)."""
    lent = (held for held in actor.grants if held.on_behalf_of is not None and held.on_behalf_of.pk == absent)
    reach = declaration.department_id, declaration.customer_id
    return next((held for held in lent if held.role in roles and held.covers(*reach)), None)


def handed_to(actor: Actor) -> Q:
    """The declarations whose receiver is `actor`, or somebody for whom he stands in as such a receiver."""
    condition = Q(receiver=actor.user.pk if actor.user else None)
    for held in actor.grants:
        types = [type for type, kind in KIND_OF_TYPE.items() if RECEIVING_ROLES[kind] == held.role]
        if held.on_behalf_of is not None and types:
            condition |= Q(receiver=held.on_behalf_of.pk, type__in=types)
    return condition


def _desk(actor: Actor, declaration: Declaration) -> Held | None:
    if declaration.customer_id is None:
        return actor.holds(Role.DUTY_DESK, department_id=declaration.department_id)
    return actor.holds(Role.SERVICE_DESK, customer_id=declaration.customer_id)


def _before_risk_control(declaration: Declaration) -> bool:
    return declaration.type == Type.SERVICE_REQUEST or declaration.escalation_state != ""


def _has_been_problem(declaration: Declaration) -> bool:
    return declaration.problem_number != "" or declaration.problem_withdrawn_at is not None


def _climbed(declaration: Declaration) -> bool:
    return declaration.escalation_climbed and declaration.escalation_state in UNDECIDED_ESCALATION


def visible(actor: Actor) -> Q:
    """The declarations that `actor` may see, as one condition for lists, counts, search and exports (design 4.10).

    Every part of it has an index on the declaration itself, so that few are found without reading all.
    """
    if actor.is_system:
        return Q()
    if actor.contact is not None:
        return Q(customer_id=actor.contact.customer_id, restricted=False)
    if actor.user is None:
        return Q(pk__in=[])
    person = actor.user.pk
    handed = Among("pk", Handover.objects.filter(receiver=person).values("declaration"))
    named = Q(relayed_by=person) | Q(accepted_by=person) | Q(handler=person) | Q(handed)
    open_to = Q(restricted=False) & (_open_to_roles(actor) | named)
    return open_to | _restricted_to_roles(actor) | handed_to(actor)


def _open_to_roles(actor: Actor) -> Q:
    assert actor.user is not None
    condition = Q(customer__in=actor.customers(Role.SERVICE_DESK))
    if any(held.role in DESK_ROLES for held in actor.grants):
        condition |= Q(department=actor.user.department_id)
    condition |= Q(department__in=actor.departments(Role.DUTY_DESK, Role.DEPARTMENT_HEAD))
    condition |= Q(department__in=actor.departments(Role.CUSTODIAN), state__in=ENDED)
    if actor.holds(Role.RISK_CONTROL):
        condition |= Q(type=Type.SERVICE_REQUEST) | ~Q(escalation_state="")
    if actor.holds(Role.PROBLEM_MANAGER):
        # Also the later ones that joined its incident.
        joined = Declaration.objects.filter(~Q(problem_number="")).values("pk")
        condition |= ~Q(problem_number="") | Q(problem_withdrawn_at__isnull=False) | Q(Among("linked_to", joined))
    if actor.holds(Role.AUDITOR):
        condition |= Q(state__in=ENDED)
    if actor.holds(Role.MANAGEMENT):
        # Where the solution is overdue and still owed, the clock that is shown is overdue.
        owed = Q(shown_due_at__lte=now(), state__in=OPEN) | Q(state=State.RESOLVED)
        condition |= Q(owed, due_at__lte=now(), clock_stands=False) | Q(is_major=True)
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
    """The declaration with that number; raises Declaration.DoesNotExist for an unknown and for a foreign one alike."""
    if not is_storable(number):
        raise Declaration.DoesNotExist
    return declarations(actor).select_related(*READ_WITH).get(number=number)


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
)


def require_entitled(actor: Actor, declaration: Declaration, verb: str) -> Held | None:
    """The grant under which `actor` may use `verb` here; raises DoesNotExist (invisible) or NotPermitted (403)."""
    move = moves()[verb]
    standing = capacities(actor, declaration)
    entitled = [capacity for capacity in standing if capacity in move.by]
    if entitled:
        return standing[entitled[0]]
    if declaration.pk and not declarations(actor).filter(pk=declaration.pk).exists():
        raise Declaration.DoesNotExist(NOT_YOURS)
    raise NotPermitted(who_may(move), clause=move.clause)


def who_may(move: Move) -> str:
    """The sentence that names the capacities which may make this move."""
    names = sorted(str(Capacity(capacity).label) for capacity in move.by)
    return _("This step is for: %(capacities)s.") % {"capacities": _(", ").join(names)}


def refuse_impossible(declaration: Declaration, verb: str) -> None:
    """Raise NotPossible (409) with every reason why the state or a guard forbids `verb` now."""
    move = moves()[verb]
    if declaration.state not in move.sources:
        raise NotPossible(wrong_state(declaration, move), clause=move.clause)
    reasons = move.obstacles(declaration)
    if reasons:
        raise NotPossible(reasons[0].sentence, clause=reasons[0].clause, reasons=reasons)


def wrong_state(declaration: Declaration, move: Move) -> str:
    if declaration.has_ended:
        return _("This record has ended (%(state)s) and can no longer be changed.") % {
            "state": State(declaration.state).label
        }
    wanted = _(", ").join(str(state.label) for state in State if state in move.sources and state != State.NEW)
    return _("“%(step)s” is possible only while: %(states)s. The record is now: %(state)s.") % {
        "step": move.label,
        "states": wanted,
        "state": State(declaration.state).label,
    }


@dataclass(frozen=True)
class NextStep:
    """One row of the action bar: a verb, and why it is not possible now (empty when it is)."""

    verb: str
    label: str | Promise
    clause: str
    reasons: tuple[Reason, ...] = ()
    rare: bool = False

    @property
    def possible(self) -> bool:
        return not self.reasons


def next_steps(actor: Actor, declaration: Declaration) -> list[NextStep]:
    """What `actor` may do in this state, and for what a guard still holds back, why; no query."""
    standing = capacities(actor, declaration)
    return [
        NextStep(move.verb, move.label, move.clause, tuple(move.obstacles(declaration)), move.rare)
        for move in moves().values()
        if declaration.state in move.sources and not move.by.isdisjoint(standing)
    ]
