"""Whose turn it is, said to the database: the next step of many records at once, as `desk.next_step` says it of one.

Order, actors and states of the steps are those of `record_form.verbs.PROMPTS` and of the machine; here stands what
guards and prompts ask of a row. A test holds both against each other, on rows of every kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, DateTimeField, Expression, F, Q, Value, When

from accounts.actors import Actor
from accounts.models import Role
from base.clock import now
from desk.next_step import is_answer_awaited
from incidents.access import HANDLING_ROLES, RECEIVING_ROLES
from incidents.models import (
    INTERNAL_CHANNELS,
    KIND_OF_TYPE,
    UNDECIDED_ESCALATION,
    Capacity,
    EscalationState,
    State,
    Type,
    moves,
)
from incidents.verbs.due import INTERVAL_SHARE
from procedure.queries import Rules
from record_form.verbs import PROMPTS
from sla.targets import Target

# The column of a record on which somebody else is at work, who is its handler.
ELSEWHERE = "handler"
NOTHING = Q(pk__in=())
UNDECIDED = Q(escalation_state__in=sorted(UNDECIDED_ESCALATION))
REACHABLE = Q(contact__isnull=False) | ~Q(caller_phone="") | ~Q(contact_means="") | Q(channel__in=INTERNAL_CHANNELS)
UNANSWERED = Q(first_response_at__isnull=True)
RESPONDED = ~UNANSWERED | ~REACHABLE
NOTES_OPEN = Q(contract_notes_due=True, contract_notes_confirmed_at__isnull=True)
LOOKED_UP = Q(looked_up_at__isnull=False)
PLANNED = Q(priority__isnull=True) | ~Q(priority__in=(1, 2)) | ~Q(plan="")
SOLVED_LATE = Q(due_at__isnull=False, clock_stands=False, resolved_at__gte=F("due_at"))
WRITTEN = Q(written_confirmation_due=False) | Q(confirmed_in_writing=True)
BY_RIGHT = Q(confirmation_authorised__isnull=True) | Q(confirmation_authorised=True)
BY_RIGHT |= ~Q(unauthorised_confirmation_reason="")
SETTLED = ~UNDECIDED & ~Q(escalation_state__in=(EscalationState.REQUIRED, EscalationState.DECIDED))
ANSWERED = Q(customer_answered_at__isnull=False)
REQUEST_OPEN = Q(state=State.REQUEST_IN_PROGRESS) & ~ANSWERED
# The head speaks against a request: the desk tells the customer before it is declined (T8).
REFUSAL_DUE = Q(state=State.REQUEST_REVIEW, head_agrees=False, risk_control_agrees__isnull=False) & ~ANSWERED


HANDED_ROLES = {held: [type for type, kind in KIND_OF_TYPE.items() if RECEIVING_ROLES[kind] == held] for held in Role}


@dataclass(frozen=True)
class Terms:
    """What one version of the procedure asks: after how many attempts a record may be closed, None if it may not, and
    how often a customer is told something, by level."""

    version_id: int
    attempts: int | None
    intervals: tuple[tuple[int, timedelta], ...]

    @classmethod
    def of(cls, book: Rules) -> Terms:
        """Read off the parameters, which a test may have changed; no query."""
        attempts = book.parameter("closing_attempts") if book.parameter("closing_after_attempts_used") else None
        intervals = book.parameter("update_interval").items() if book.parameter("update_interval_used") else ()
        spans = ((int(level), Target.from_data(span)) for level, span in intervals if span is not None)
        return cls(book.version_id, attempts, tuple((level, span.length(now(), None)) for level, span in spans))


class Ago(Expression):
    """A moment so far back from when the statement is carried out (`filled`), so that the text can be kept."""

    output_field = DateTimeField()

    def __init__(self, span: timedelta = timedelta(0)) -> None:
        super().__init__()
        self.span = span

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


def filled(parameters: Iterable[Any], at: datetime) -> list[Any]:
    """The parameters of a statement with its moments put in."""
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(at - each.span) if isinstance(each, Ago) else each for each in parameters]


def next_verb_of(actor: Actor, terms: Sequence[Terms]) -> Case:
    """The verb of `desk.next_step.next_verb` as a column; empty, or `ELSEWHERE`, where the record waits for others.

    `terms` are those of the versions of the procedure that the records were accepted under. The statement has then to
    be `filled`.
    """
    conditions, standing, own = _conditions(terms), _standings(actor), _handled_by(actor)
    conditions["give_opinion"] = _opinion_due(standing)
    turns: list[When] = []
    for verb, condition in conditions.items():
        move = moves()[verb]
        by = [standing[capacity] for capacity in sorted(move.by) if capacity in standing]
        if by:
            due = Q(state__in=sorted(move.sources)) & condition & reduce(or_, by)
            turns += _whens(verb, due, own)
    return Case(*turns, default=Value(""), output_field=CharField())


def _whens(verb: str, due: Q, own: Q) -> list[When]:
    """The turn as cases of the column: what others handle, or have to say first, is nothing to do."""
    if is_answer_awaited(verb):
        return [When(due, then=Value(""))]
    if PROMPTS[verb].of_handler:
        return [When(due & own, then=Value(verb)), When(due, then=Value(ELSEWHERE))]
    return [When(due, then=Value(verb))]


def _standings(actor: Actor) -> dict[str, Q]:
    """As `incidents.access.capacities`: on which records the actor stands in each capacity that takes a turn."""
    person = actor.user.pk if actor.user else None
    customers, duty = actor.customers(Role.SERVICE_DESK), actor.departments(Role.DUTY_DESK)
    heads, custody = actor.departments(Role.DEPARTMENT_HEAD), actor.departments(Role.CUSTODIAN)
    opened = Q(restricted=False)
    found = {
        Capacity.DESK: Q(customer__in=customers) | Q(customer__isnull=True, department__in=duty),
        Capacity.HEAD: Q(department__in=heads),
        Capacity.CUSTODIAN: opened & Q(department__in=custody),
        Capacity.RISK_CONTROL: opened & (Q(type=Type.SERVICE_REQUEST) | ~Q(escalation_state="")),
        Capacity.NEXT_LEVEL: opened & UNDECIDED & Q(escalation_climbed=True),
        Capacity.HANDLER: opened & (Q(handler=person) | _lent(actor, "handler", HANDLING_ROLES)),
        Capacity.RECEIVER: Q(receiver=person) | _lent(actor, "receiver", RECEIVING_ROLES.values()),
        Capacity.RELAYER: opened & Q(relayed_by=person, state=State.RELAYED),
    }
    held = {
        Capacity.DESK: customers or duty,
        Capacity.HEAD: heads,
        Capacity.CUSTODIAN: custody,
        Capacity.RISK_CONTROL: actor.holds(Role.RISK_CONTROL),
        Capacity.NEXT_LEVEL: actor.holds(Role.MANAGEMENT),
    }
    return {capacity: where for capacity, where in found.items() if held.get(capacity, True)}


def _lent(actor: Actor, name: str, roles: Iterable[str]) -> Q:
    """The records on which a person is named for whom the actor stands in, within what was lent (R-4.1-2)."""
    wanted, condition = frozenset(roles), Q()
    for held in actor.grants:
        if held.on_behalf_of is not None and held.role in wanted:
            scope = {"department": held.department_id, "customer": held.customer_id}
            limits: dict[str, Any] = {key: value for key, value in scope.items() if value is not None}
            if held.role in RECEIVING_ROLES.values():
                limits["type__in"] = HANDED_ROLES[held.role]
            condition |= Q(**{name: held.on_behalf_of.pk}, **limits)
    return condition


def _handled_by(actor: Actor) -> Q:
    """Nobody else handles it: the reader, somebody they stand in for, or nobody is named yet."""
    own = {held.on_behalf_of.pk for held in actor.grants if held.on_behalf_of}
    return Q(handler__isnull=True) | Q(handler__in=own | ({actor.user.pk} if actor.user else set()))


def _opinion_due(standing: Mapping[str, Q]) -> Q:
    """Two are asked for an opinion; whoever has given the own one is not asked again."""
    head = standing.get(Capacity.HEAD)
    if head is None:
        return Q(risk_control_agrees__isnull=True)
    return head & Q(head_agrees__isnull=True) | ~head & Q(risk_control_agrees__isnull=True)


def _conditions(terms: Sequence[Terms]) -> dict[str, Q]:
    """What turn and guards of each verb ask of a row besides its state and the actor, in the order of the turns."""
    confirmed = Q(confirmed_at__isnull=False) | _enough_attempts(terms)
    told_in_time = ~SOLVED_LATE | ~Q(breach_reason="")
    found = {
        "accept": Q(state=State.RELAYED),
        "respond": ~Q(state=State.RELAYED) & UNANSWERED & REACHABLE,
        "decide_escalation": UNDECIDED,
        "countersign": Q(escalation_state=EscalationState.DECIDED),
        "answer_report": Q(reported_at__isnull=False, report_answered_at__isnull=True),
        "accept_request": Q(head_agrees=True, risk_control_agrees__isnull=False),
        "decline_request": Q(head_agrees=False, risk_control_agrees__isnull=False) & RESPONDED & ANSWERED,
        "confirm_contract_notes": NOTES_OPEN,
        "look_up": ~LOOKED_UP,
        "start": ~NOTES_OPEN & LOOKED_UP,
        "request_escalation": Q(escalation_state=EscalationState.REQUIRED),
        "communicate": REQUEST_OPEN | REFUSAL_DUE | _update_due(terms),
        "complete_request": ANSWERED,
        "write_plan": Q(state=State.IN_PROGRESS) & ~PLANNED,
        "log_handling": Q(handled_at__isnull=True),
        "resolve": Q(state=State.IN_PROGRESS, handled_at__isnull=False) & PLANNED & RESPONDED,
        "state_breach_reason": Q(state=State.RESOLVED, breach_reason="") & SOLVED_LATE,
        "confirm": ~(confirmed & BY_RIGHT & WRITTEN),
        "close": confirmed & BY_RIGHT & WRITTEN & Q(communicated_at__isnull=False) & SETTLED & told_in_time,
        "add_annex": Q(state=State.CLOSED, completion_asked_at__isnull=False),
    }
    return {verb: found.get(verb, Q()) for verb in PROMPTS}


def _enough_attempts(terms: Iterable[Terms]) -> Q:
    by_number: dict[int, list[int]] = {}
    for each in terms:
        if each.attempts is not None:
            by_number.setdefault(each.attempts, []).append(each.version_id)
    found = (Q(procedure_version__in=some, unanswered_attempts__gte=number) for number, some in by_number.items())
    return reduce(or_, found, NOTHING)


def _update_due(terms: Iterable[Terms]) -> Q:
    """As `incidents.verbs.due.update_due`: after a miss of which nobody told the customer, or as the interval ends."""
    missed = Q(due_at__lte=Ago(), clock_stands=False) & _told(Q(communicated_at__lt=F("due_at")), "lt", F("due_at"))
    by_span: dict[tuple[int, timedelta], list[int]] = {}
    for each in terms:
        for interval in each.intervals:
            by_span.setdefault(interval, []).append(each.version_id)
    waits = Q(state__in=(State.IN_PROGRESS, State.WAITING_CUSTOMER))
    return waits & reduce(or_, (_interval_over(*key, some) for key, some in by_span.items()), missed)


def _interval_over(level: int, span: timedelta, versions: list[int]) -> Q:
    until = Ago(span * INTERVAL_SHARE)
    return Q(procedure_version__in=versions, priority=level) & _told(Q(communicated_at__lte=until), "lte", until)


def _told(last: Q, than: str, moment: object) -> Q:
    """The customer heard something last before the moment, where nothing else, in the call itself."""
    return last | Q(communicated_at__isnull=True, **{f"received_at__{than}": moment})
