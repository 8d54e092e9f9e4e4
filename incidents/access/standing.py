"""In which capacities an actor stands to a declaration: what the permissions of the state machine are asked about."""

from __future__ import annotations

from accounts.actors import Actor, Held
from accounts.models import Role
from incidents.models import (
    END_STATES,
    KIND_OF_TYPE,
    UNDECIDED_ESCALATION,
    Capacity,
    Declaration,
    HandoverKind,
    State,
    Type,
)

RECEIVING_ROLES = {
    HandoverKind.COMPLAINT: Role.COMPLAINT_OWNER,
    HandoverKind.INFOSEC: Role.SECURITY_OFFICER,
    HandoverKind.SALES: Role.SALES,
}
# In which roles one becomes the handler: whoever stands in for one of them handles in their place.
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
        Capacity.COLLEAGUE: _colleague(actor, declaration),
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


def _desk(actor: Actor, declaration: Declaration) -> Held | None:
    if declaration.customer_id is None:
        return actor.holds(Role.DUTY_DESK, department_id=declaration.department_id)
    return actor.holds(Role.SERVICE_DESK, customer_id=declaration.customer_id)


def _colleague(actor: Actor, declaration: Declaration) -> Held | None:
    """A desk of the department, towards what a colleague handles."""
    assert actor.user is not None
    own = actor.user.department_id == declaration.department_id
    if not own or declaration.handler_id in (None, actor.user.pk):
        return None
    return next((held for role in DESK_ROLES if (held := actor.holds(role))), None)


def _before_risk_control(declaration: Declaration) -> bool:
    return declaration.type == Type.SERVICE_REQUEST or declaration.escalation_state != ""


def _has_been_problem(declaration: Declaration) -> bool:
    return declaration.problem_number != "" or declaration.problem_withdrawn_at is not None


def _climbed(declaration: Declaration) -> bool:
    return declaration.escalation_climbed and declaration.escalation_state in UNDECIDED_ESCALATION
