"""What somebody must do now, whom the rest waits for, and until when (my desk, and the counts of the navigation)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.acting import Actor
from accounts.models import Role
from config.clock import now
from escalation.models import Problem
from incidents.access import NextStep, declarations, handed_to, next_steps
from incidents.models import OPEN_STATES, UNDECIDED_ESCALATION, Annex, Declaration, EscalationState, State
from incidents.queries.listing import with_handover_clock
from portal.next_step import Party, is_answer_awaited, next_verb, waits_for

LIMIT = 200
MOST_COUNTED = 100
OPEN = sorted(OPEN_STATES)
HANDED = (State.HANDED_OVER, State.HANDOVER_RECEIVED)
# Long texts that no line of the desk shows.
UNSHOWN = ("body", "other_demands", "verbatim", "request_reason", "request_result", "cause", "solution", "category_gap")
READ_WITH = ("customer", "contact", "receiver", "desk", "handler", "relayed_by")
# What the handler does himself, also where the desk may: the desk is not reminded of it while somebody else handles.
HANDLERS_OWN = frozenset(
    {"confirm_contract_notes", "look_up", "start", "write_plan", "log_handling", "resume", "resolve"}
)


@dataclass(frozen=True)
class Task:
    """One declaration and the step that is the reader's to take; without a step it waits for `party`."""

    declaration: Declaration
    step: NextStep | None
    party: Party = ""


@dataclass(frozen=True)
class Work:
    """All that stands on somebody's desk; `more` says that there is more than was read."""

    mine: list[Task] = field(default_factory=list)
    waiting: list[Task] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    more: bool = False

    def count(self, verbs: Iterable[str]) -> int:
        """How many of the own steps are one of `verbs`."""
        wanted = frozenset(verbs)
        return sum(task.step is not None and task.step.verb in wanted for task in self.mine)


def work_of(actor: Actor) -> Work:
    """What `actor` must do and whom the rest waits for, at most `LIMIT` records, those due first before the others.

    One query over the own customers, departments and names by their indexes; a second for problem managers.
    """
    return _sorted_out(actor, with_handover_clock(_concerning(actor).select_related(*READ_WITH)), LIMIT)


def counted_work(actor: Actor) -> Work:
    """The same for counting only: the rows without what a line shows of them, and no more than are ever counted."""
    return _sorted_out(actor, _concerning(actor), MOST_COUNTED)


def _sorted_out(actor: Actor, found: QuerySet[Declaration], limit: int) -> Work:
    rows = list(found.order_by("due_at", "received_at", "pk")[: limit + 1])
    tasks = [_task(actor, row) for row in rows[:limit]]
    return Work(
        mine=[task for task in tasks if task.step is not None],
        waiting=[task for task in tasks if task.step is None and task.party],
        problems=_problems(actor),
        more=len(rows) > limit,
    )


def nearest_deadline(actor: Actor) -> datetime | None:
    """The next due time of all open records that `actor` may see; one row by `declaration_due`."""
    coming = declarations(actor).filter(state__in=OPEN, due_at__gte=now(), clock_stands=False)
    return coming.order_by("due_at").values_list("due_at", flat=True).first()


def _concerning(actor: Actor) -> QuerySet[Declaration]:
    return Declaration.objects.filter(_desk(actor) | _named(actor) | _roles(actor)).defer(*UNSHOWN)


def _desk(actor: Actor) -> Q:
    customers, duty = actor.customers(Role.SERVICE_DESK), actor.departments(Role.DUTY_DESK)
    of_desk = Q(customer__in=customers) | Q(customer__isnull=True, department__in=duty)
    asked = Q(state=State.CLOSED, completion_asked_at__isnull=False) & ~Q(_supplemented())
    return of_desk & (Q(state__in=OPEN) | asked)


def _named(actor: Actor) -> Q:
    person = actor.user.pk if actor.user else None
    return (
        Q(handler=person, state__in=OPEN)
        | handed_to(actor) & Q(state__in=HANDED)
        | Q(relayed_by=person, state=State.RELAYED)
    )


def _roles(actor: Actor) -> Q:
    undecided = Q(escalation_state__in=sorted(UNDECIDED_ESCALATION), state__in=OPEN)
    reported = Q(reported_at__isnull=False, report_answered_at__isnull=True)
    asked = Q(state__in=[State.REQUEST_REVIEW, State.REQUEST_IN_PROGRESS])
    unanswered = Q(state__in=[State.CLASSIFIED, State.IN_PROGRESS]) & reported
    found = Q(department__in=actor.departments(Role.DEPARTMENT_HEAD)) & (undecided | unanswered | asked)
    if actor.holds(Role.MANAGEMENT):
        found |= undecided & Q(escalation_climbed=True)
    complete = Q(completion_asked_at__isnull=True) | Q(_supplemented())
    found |= Q(department__in=actor.departments(Role.CUSTODIAN), state=State.CLOSED) & complete
    if actor.holds(Role.RISK_CONTROL):
        found |= Q(state=State.REQUEST_REVIEW, risk_control_agrees__isnull=True)
        found |= Q(escalation_state=EscalationState.DECIDED, state__in=OPEN)
    return found


def _supplemented() -> Exists:
    """Whether an addition came after the custodian had asked for one."""
    additions = Annex.objects.filter(
        declaration=OuterRef("pk"), kind=Annex.Kind.ADDITION, at__gte=OuterRef("completion_asked_at")
    )
    return Exists(additions)


def _task(actor: Actor, declaration: Declaration) -> Task:
    step = next_verb(declaration, next_steps(actor, declaration))
    if step is None:
        return Task(declaration, None, waits_for(declaration))
    if is_answer_awaited(step.verb):
        return Task(declaration, None, waits_for(declaration))
    if step.verb in HANDLERS_OWN and not _handles(actor, declaration):
        return Task(declaration, None, "handler")
    return Task(declaration, step)


def _handles(actor: Actor, declaration: Declaration) -> bool:
    """Nobody else does: the handler is the reader, somebody he stands in for, or not named yet."""
    own = {actor.user.pk if actor.user else None} | {held.on_behalf_of.pk for held in actor.grants if held.on_behalf_of}
    return declaration.handler_id is None or declaration.handler_id in own


def _problems(actor: Actor) -> list[Problem]:
    if not actor.holds(Role.PROBLEM_MANAGER):
        return []
    waiting = Problem.objects.filter(acknowledged_at=None, withdrawn_at=None).select_related("declaration", "customer")
    return list(waiting.order_by("raised_at", "pk")[:LIMIT])
