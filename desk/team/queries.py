"""What a team has in hand, read with a constant number of statements over what the reader may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.actors import Actor
from accounts.models import User
from accounts.queries.holding import holding
from accounts.queries.picking import absences_now
from base.clock import now
from base.paging import Page, page
from desk.queries.work import READ_WITH, UNSHOWN
from escalation.models import EscalationRequest
from incidents.access import HANDLING_ROLES, declarations
from incidents.models import OPEN_STATES, UNDECIDED_ESCALATION, Declaration, EscalationState, Handover, State, Waiting
from incidents.queries.listing import SHOWN, SORTS

OPEN = sorted(OPEN_STATES)
MOST = 40
# Whose move it is is somebody else's: the customer's, a receiver's, the head's or risk control's.
ELSEWHERE = Q(
    state__in=sorted(
        {State.WAITING_CUSTOMER, State.RESOLVED, State.HANDED_OVER, State.HANDOVER_RECEIVED, State.REQUEST_REVIEW}
        | {State.REQUEST_IN_PROGRESS}
    )
) | Q(escalation_state__in=sorted({*UNDECIDED_ESCALATION, EscalationState.DECIDED}))
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


def unhandled(actor: Actor, departments: Collection[int]) -> int:
    """How many open records there are in nobody's hand; one statement."""
    return open_in(actor, departments).filter(handler=None, desk=None)[: MOST + 1].count()


def records_of(
    actor: Actor, departments: Collection[int], person: User, kind: str, cursor: str = ""
) -> Page[Declaration]:
    """One page of what a colleague has in hand, by time left; one statement."""
    found = open_in(actor, departments).filter(Q(handler=person) | Q(handler=None, desk=person)).filter(kind_of(kind))
    shown = Declaration.objects.only(*SHOWN).select_related("customer", "handler", "desk")
    return page(found, SORTS["due"], cursor, shown=shown)


def nearest(actor: Actor, departments: Collection[int]) -> list[Declaration]:
    """What runs out first or has run out, up to `MOST` of each; two statements."""
    timed = _read(open_in(actor, departments).filter(shown_due_at__isnull=False)).order_by("shown_due_at", "pk")
    at = now()
    return [*timed.filter(shown_due_at__lte=at)[:MOST], *timed.filter(shown_due_at__gt=at)[:MOST]]


def awaited(actor: Actor, departments: Collection[int]) -> list[Declaration]:
    """What is somebody else's move, with `since`, up to `MOST`, due first; one statement."""
    found = _read(open_in(actor, departments).filter(ELSEWHERE)).annotate(since=_since())
    return list(found.order_by(F("shown_due_at").asc(nulls_last=True), "pk")[:MOST])


def _read(found: QuerySet[Declaration]) -> QuerySet[Declaration]:
    return found.select_related(*READ_WITH).defer(*UNSHOWN)


def _since() -> Coalesce:
    """Since when somebody else has it: the row that began it, or the moment of the step before."""
    own = {"declaration": OuterRef("pk")}
    waiting = Waiting.objects.filter(**own, ended_at=None)
    handed = Handover.objects.filter(**own, completed_at=None, returned_at=None)
    asked = EscalationRequest.objects.filter(**own, declaration__escalation_state__in=sorted(UNDECIDED_ESCALATION))
    parts = (Subquery(rows.order_by("-pk").values("at")[:1]) for rows in (waiting, handed, asked))
    return Coalesce(*parts, "resolved_at", "screened_at", "received_at")
