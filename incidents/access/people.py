"""Sight asked the other way round: who may see a declaration, and to whom it may be given."""

from __future__ import annotations

from django.db.models import Exists, Q, QuerySet

from accounts.models import Role, User
from accounts.queries.holding import holding, serving
from base.clock import now
from incidents.access.standing import DESK_ROLES, ENDED, HANDLING_ROLES, RECEIVING_ROLES
from incidents.models import KIND_OF_TYPE, OPEN_STATES, Declaration, State, Type

WORKING = Q(is_active=True)


def readers(declaration: Declaration) -> QuerySet[User]:
    """Everybody on staff for whom `visible` holds on this declaration; one statement."""
    return User.objects.filter(WORKING & _reading(declaration))


def handlers(*declarations: Declaration) -> QuerySet[User]:
    """Who may be given one of these: the department and whoever is desk or head somewhere, today or in a place.

    A restricted one only desks and heads who may read it; the rule of `reassign` and of every list that asks for it.
    """
    fitting = Q(pk__in=())
    departments = {one.department_id for one in declarations if not one.restricted}
    if departments:
        fitting |= Q(department__in=departments) | holding(Q(role__in=HANDLING_ROLES))
    for one in declarations:
        if one.restricted:
            fitting |= _reading(one) & holding(Q(role__in=HANDLING_ROLES))
    return User.objects.filter(WORKING & fitting)


def receivers() -> QuerySet[User]:
    """Who signs for hand-overs of any kind; for which, `incidents.actions.hand_over` says."""
    return User.objects.filter(WORKING & holding(Q(role__in=RECEIVING_ROLES.values())))


def _reading(declaration: Declaration) -> Q:
    found = _receiving(declaration)
    if declaration.restricted:
        return found | holding(_restricted_grants(declaration))
    found |= holding(_open_grants(declaration)) | _named(declaration)
    return found | Q(department=declaration.department_id) & holding(Q(role__in=DESK_ROLES))


def _desk(declaration: Declaration) -> Q:
    return serving(declaration.customer_id) if declaration.customer_id is not None else Q(pk__in=())


def _open_grants(declaration: Declaration) -> Q:
    ended = declaration.state in ENDED
    found = _desk(declaration) | Q(
        role__in=(Role.DUTY_DESK, Role.DEPARTMENT_HEAD), department=declaration.department_id
    )
    if ended:
        found |= Q(role=Role.CUSTODIAN, department=declaration.department_id) | Q(role=Role.AUDITOR)
    if declaration.type == Type.SERVICE_REQUEST or declaration.escalation_state:
        found |= Q(role=Role.RISK_CONTROL)
    found |= Q(role=Role.PROBLEM_MANAGER) & _was_problem(declaration)
    return found | Q(role=Role.MANAGEMENT) if _is_for_management(declaration) else found


def _restricted_grants(declaration: Declaration) -> Q:
    found = _desk(declaration) | Q(role=Role.DEPARTMENT_HEAD, department=declaration.department_id)
    if declaration.customer_id is None:
        found |= Q(role=Role.DUTY_DESK, department=declaration.department_id)
    found |= Q(role=Role.SECURITY_OFFICER)
    return found | Q(role=Role.AUDITOR) if declaration.state in ENDED else found


def _was_problem(declaration: Declaration) -> Q:
    """Whether it was raised, or joined an incident that was (A-08)."""
    if declaration.problem_number != "" or declaration.problem_withdrawn_at is not None:
        return Q()
    if declaration.linked_to_id is None:
        return Q(pk__in=())
    return Q(Exists(Declaration.objects.filter(~Q(problem_number=""), pk=declaration.linked_to_id)))


def _is_for_management(declaration: Declaration) -> bool:
    if declaration.is_major or (declaration.escalation_climbed and declaration.escalation_state != ""):
        return True
    at, due, shown = now(), declaration.due_at, declaration.shown_due_at
    late = due is not None and due <= at and not declaration.clock_stands
    running = shown is not None and shown <= at and declaration.state in OPEN_STATES
    return late and (running or declaration.state == State.RESOLVED)


def _named(declaration: Declaration) -> Q:
    people = {declaration.relayed_by_id, declaration.accepted_by_id, declaration.handler_id} - {None}
    return Q(pk__in=people) | Q(pk__in=declaration.handover_rows.order_by().values("receiver"))


def _receiving(declaration: Declaration) -> Q:
    """The receiver, and whoever stands in for them as one of this kind."""
    found, kind = Q(pk=declaration.receiver_id), KIND_OF_TYPE.get(Type(declaration.type))
    if kind and declaration.receiver_id:
        deputies = holding(Q(role=RECEIVING_ROLES[kind], user=declaration.receiver_id))
        found |= deputies
    return found
