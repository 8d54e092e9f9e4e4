"""What a team has in hand, read with a constant number of statements over what the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounts.actors import Actor
from accounts.models import User
from accounts.queries import person
from accounts.queries.holding import holding
from accounts.queries.picking import absences_now
from base.clock import now
from base.paging import Page, page
from escalation.models import Countersignature, EscalationRequest
from escalation.queries.shown_clocks import shown_clocks
from incidents.access import HANDLING_ROLES, declarations
from incidents.models import (
    OPEN_STATES,
    UNDECIDED_ESCALATION,
    Declaration,
    EscalationState,
    Handover,
    Opinion,
    State,
    Waiting,
)
from incidents.queries.listing import SHOWN, SORTS, UNSHOWN
from sla.queries import TimeLeft, TimeState, work_ends

OPEN = sorted(OPEN_STATES)
MOST = 40
READ_WITH = ("customer", "receiver", "desk", "handler")
IN_ESCALATION = sorted({*UNDECIDED_ESCALATION, EscalationState.DECIDED})
REQUESTED = sorted({State.REQUEST_REVIEW, State.REQUEST_IN_PROGRESS})
HEARD = Q(head_agrees__isnull=False, risk_control_agrees__isnull=False)
# The head speaks against a request: the desk tells the customer.
REFUSED = HEARD & Q(state=State.REQUEST_REVIEW, head_agrees=False, customer_answered_at=None)
# Whose move it is is somebody else's: the customer's, a receiver's, the head's or risk control's.
ELSEWHERE = (
    Q(state__in=sorted({State.WAITING_CUSTOMER, State.RESOLVED, State.HANDED_OVER, State.HANDOVER_RECEIVED}))
    | Q(state__in=REQUESTED) & ~REFUSED
    | Q(escalation_state__in=IN_ESCALATION)
)
WHO = Coalesce("handler", "desk")
# The figures of a line, each as a condition on the open records; also the views of one person's records.
KINDS = ("open", "severe", "late", "waiting")


@dataclass(frozen=True)
class Load:
    """What one colleague has in hand; `worst` is the due time that comes or came first."""

    user: User
    open: int = 0
    severe: int = 0
    late: int = 0
    waiting: int = 0
    worst: datetime | None = None
    deputies: tuple[User, ...] = ()


def kind_of(kind: str) -> Q:
    """The records behind a figure."""
    late = Q(shown_due_at__lte=now())
    return {"severe": Q(priority__in=(1, 2)), "late": late, "waiting": ELSEWHERE}.get(kind, Q())


def open_in(actor: Actor, departments: Collection[int]) -> QuerySet[Declaration]:
    """The open records of the departments that the reader may see, by `declaration_department_due`."""
    return declarations(actor).filter(department__in=departments, state__in=OPEN)


def loads(actor: Actor, departments: Collection[int]) -> list[Load]:
    """Everybody who has something in hand there, and desks and heads who have nothing; most pressing first.

    Three statements, whatever there is: one over the open records of the departments, by `declaration_department_due`,
    one over people, one over the absences that run.
    """
    figures: dict[str, Any] = {kind: Count("pk", filter=kind_of(kind)) for kind in KINDS[1:]}
    found = open_in(actor, departments).order_by().values(who=WHO)
    counted: Any = found.annotate(open=Count("pk"), worst=Min("shown_due_at"), **figures)
    rows: dict[int | None, dict[str, Any]] = {row.pop("who"): row for row in counted}
    away = absences_now()
    own = Q(department__in=departments, is_active=True) & holding(Q(role__in=HANDLING_ROLES))
    people = User.objects.filter(own | Q(pk__in=[key for key in rows if key])).select_related("department")
    made = [Load(one, deputies=away.get(one.pk, ()), **rows.get(one.pk, {})) for one in people]
    return sorted(made, key=_pressing)


def _pressing(load: Load) -> tuple[Any, ...]:
    at = load.worst
    return (-load.late, at is None, at or now(), -load.open, load.user.employee_number)


def colleague(key: int) -> User | None:
    """The person with that key, with the department; one row."""
    return person(User.objects.all(), key)


def unhandled(actor: Actor, departments: Collection[int]) -> int:
    """How many open records there are in nobody's hand; one statement."""
    return open_in(actor, departments).filter(handler=None, desk=None)[: MOST + 1].count()


def records_of(
    actor: Actor, departments: Collection[int], owner: User, kind: str, cursor: str = ""
) -> Page[Declaration]:
    """One page of what a colleague has in hand, by time left; one statement."""
    found = open_in(actor, departments).filter(Q(handler=owner) | Q(handler=None, desk=owner)).filter(kind_of(kind))
    shown = Declaration.objects.only(*SHOWN).select_related("customer", "handler", "desk")
    return page(found, SORTS["due"], cursor, shown=shown)


@dataclass(frozen=True)
class Timed:
    """A record with the clock of its line, and why its time is in danger; empty where it has run out."""

    record: Declaration
    left: TimeLeft
    threat: str = ""


@dataclass(frozen=True)
class Awaited:
    """A record that waits for somebody else since then, and the clock that times it: in an escalation, the answer's."""

    record: Declaration
    since: datetime
    left: TimeLeft | None


@dataclass(frozen=True)
class Watched:
    """What a team has to look at, up to `MOST` of each, due first."""

    late: list[Timed]
    risky: list[Timed]
    waiting: list[Awaited]


class Threat(StrEnum):
    """Why a time that still runs is in danger; the first that holds is told."""

    WARNING = "warning"
    HOUR = "hour"
    TREND = "trend"
    TODAY = "today"


def watched(actor: Actor, departments: Collection[int], at: datetime) -> Watched:
    """What is late, what will be unless somebody acts, and what is somebody else's move.

    Seven statements: two over what is timed, one over what waits, three over their clocks, one for the calendar.
    """
    near, elsewhere = _nearest(actor, departments, at), _elsewhere(actor, departments)
    clocks = shown_clocks(near, at)
    closing = work_ends(at)
    timed = [Timed(one, clocks[one.pk], _threat(clocks[one.pk], closing)) for one in near if one.pk in clocks]
    return Watched(
        [one for one in timed if one.left.state == TimeState.BREACHED],
        [one for one in timed if one.threat],
        _awaited(elsewhere, at),
    )


def _threat(left: TimeLeft, closing: datetime | None) -> str:
    """Why it will be late: so much of its time is used, less than an hour is left, like cases miss, or work ends."""
    if left.state in (TimeState.AT_RISK, TimeState.SOON):
        return Threat.WARNING if left.state == TimeState.AT_RISK else Threat.HOUR
    if left.state != TimeState.NORMAL:
        return ""
    if left.likely:
        return Threat.TREND
    return Threat.TODAY if closing is not None and left.due <= closing else ""


def _nearest(actor: Actor, departments: Collection[int], at: datetime) -> list[Declaration]:
    """What runs out first or has run out, up to `MOST` of each; two statements."""
    timed = _read(open_in(actor, departments).filter(shown_due_at__isnull=False)).order_by("shown_due_at", "pk")
    return [*timed.filter(shown_due_at__lte=at)[:MOST], *timed.filter(shown_due_at__gt=at)[:MOST]]


def _elsewhere(actor: Actor, departments: Collection[int]) -> list[Any]:
    """What is somebody else's move, with `since`, due first; one statement."""
    found = _read(open_in(actor, departments).filter(ELSEWHERE)).annotate(since=_since())
    return list(found.order_by(F("shown_due_at").asc(nulls_last=True), "pk")[:MOST])


def _awaited(rows: list[Any], at: datetime) -> list[Awaited]:
    answered = [one for one in rows if one.escalation_state in IN_ESCALATION]
    clocks: Mapping[int, TimeLeft] = shown_clocks(rows, at, deciding=answered)
    return [Awaited(one, one.since, clocks.get(one.pk)) for one in rows]


def _read(found: QuerySet[Declaration]) -> QuerySet[Declaration]:
    return found.select_related(*READ_WITH).defer(*UNSHOWN)


def _since() -> Coalesce:
    """Since when somebody else has it: the row that gave it to them, or the moment of the step before."""
    own = {"declaration": OuterRef("pk")}
    asked = EscalationRequest.objects.filter(**own, state__in=EscalationRequest.STANDING).annotate(turn=_turn())
    handed = Handover.objects.filter(**own, completed_at=None, returned_at=None)
    heard = Subquery(Opinion.objects.filter(**own).order_by("-pk").values("at")[:1])
    parts = (
        Subquery(asked.order_by("-pk").values("turn")[:1]),
        Subquery(Waiting.objects.filter(**own, ended_at=None).order_by("-pk").values("at")[:1]),
        Subquery(handed.order_by("-pk").annotate(turn=Coalesce("received_at", "at")).values("turn")[:1]),
        Case(When(HEARD & Q(state__in=REQUESTED), then=heard)),
    )
    return Coalesce(*parts, "resolved_at", "screened_at", "received_at")


def _turn() -> Case:
    """Since when an escalation lies with whoever answers next: risk control, or the head, also after an objection."""
    objected = Countersignature.objects.filter(request=OuterRef("pk"), agrees=False).order_by("-pk").values("at")[:1]
    return Case(
        When(state__in=[EscalationRequest.State.APPROVED, EscalationRequest.State.REFUSED], then="decided_at"),
        When(state=EscalationRequest.State.OBJECTED, then=Subquery(objected)),
        default="at",
    )
