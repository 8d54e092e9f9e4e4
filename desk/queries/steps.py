"""The records whose next step is somebody's, asked of the database once as keys: for my desk and for its counts.

Putting such a statement together costs more than carrying it out, so its text is kept for each actor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from accounts.actors import Actor, Held, local_day
from accounts.models import Role, User
from base.clock import now
from base.sql import compiled
from desk.queries.duties import MOST_COUNTED
from desk.queries.turns import Terms, filled, next_verb_of
from incidents.access import handed_to
from incidents.models import OPEN_STATES, UNDECIDED_ESCALATION, Annex, Declaration, EscalationState, State
from procedure.models import ProcedureVersion
from procedure.queries import Rules, in_force, rules, versions_until
from record_form.verbs import PROMPTS, VERBS

OPEN = sorted(OPEN_STATES)
HANDED = (State.HANDED_OVER, State.HANDOVER_RECEIVED)
# Steps with a queue of their own in the navigation: counted apart, so that much of the rest does not hide them.
QUEUED = frozenset(verb.name for verb in VERBS.values() if verb.queue)


@dataclass(frozen=True)
class Steps:
    """The keys of records with their verb: the own ones, and those that wait for others."""

    mine: Mapping[int, str]
    waiting: Mapping[int, str]


def own_steps(actor: Actor, book: Rules | None, limit: int) -> Steps:
    """The records whose next step is the actor's, and the others that concern them, at most `limit` of each.

    Those due first come first, before them what is not graded yet: it has the shortest time of all. One statement over
    the own customers, departments and names. `book` is the procedure in force today.
    """
    order = f"ORDER BY due_at IS NOT NULL, due_at, received_at, id LIMIT {limit:d}"
    verbs = sorted(PROMPTS)
    parts = [(f"{which} {order}", verbs) for which in (_is_one_of(verbs), f"NOT {_is_one_of(verbs)}")]
    rows = _asked(actor, _terms(book), "id, turn", parts)
    return Steps(
        {key: verb for key, verb in rows if verb in PROMPTS}, {key: verb for key, verb in rows if verb not in PROMPTS}
    )


def step_counts(actor: Actor, book: Rules | None) -> Mapping[str, int]:
    """How many next steps are the actor's by verb, up to `MOST_COUNTED` + 1 of the queued ones and of the others.

    One statement; the first page of an actor in a process puts its text together. `book` as above.
    """
    kinds = (sorted(PROMPTS.keys() - QUEUED), sorted(QUEUED))
    parts = [(f"{_is_one_of(verbs)} LIMIT {MOST_COUNTED + 1}", verbs) for verbs in kinds]
    return Counter(verb for (verb,) in _asked(actor, _terms(book), "turn", parts))


def _asked(actor: Actor, terms: tuple[Terms, ...], columns: str, parts: list[tuple[str, list[str]]]) -> list[Any]:
    """The rows of all parts. The turns are said once for all: to plan them costs more than to work them out."""
    own, parameters = _compiled(actor.user, actor.grants, terms)
    chosen = (
        f"SELECT * FROM (SELECT {columns} FROM own WHERE {which}) AS part"  # noqa: S608
        for which, _verbs in parts
    )
    sql = f"WITH own AS MATERIALIZED ({own}) {' UNION ALL '.join(chosen)}"
    values = [*parameters, *(verb for _which, verbs in parts for verb in verbs)]
    with connection.cursor() as cursor:
        cursor.execute(sql, filled(values, now()))
        return list(cursor.fetchall())


def _is_one_of(verbs: list[str]) -> str:
    return f"turn IN ({', '.join(['%s'] * len(verbs))})"


def _terms(book: Rules | None) -> tuple[Terms, ...]:
    """Those of all versions under which a record may have been accepted; without `book` one statement for it."""
    if book is None:
        try:
            book = rules(in_force(local_day(now())).pk)
        except ProcedureVersion.DoesNotExist:
            return ()
    return tuple(Terms.of(rules(key)) for key in versions_until(book.version_id))


@lru_cache(maxsize=512)
def _compiled(user: User | None, grants: tuple[Held, ...], terms: tuple[Terms, ...]) -> tuple[str, tuple[Any, ...]]:
    actor = Actor(user=user, grants=grants)
    concerning = _desk(actor) | _named(actor) | _roles(actor)
    found = Declaration.objects.filter(concerning).annotate(turn=next_verb_of(actor, terms))
    return compiled(found.values("id", "due_at", "received_at", "turn"))


def _desk(actor: Actor) -> Q:
    customers, duty = actor.customers(Role.SERVICE_DESK), actor.departments(Role.DUTY_DESK)
    of_desk = Q(customer__in=customers) | Q(customer__isnull=True, department__in=duty)
    condition = Q(state=State.CLOSED, completion_asked_at__isnull=False) & ~Q(_supplemented())
    return of_desk & (Q(state__in=OPEN) | condition)


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
    condition = Q(state__in=[State.REQUEST_REVIEW, State.REQUEST_IN_PROGRESS])
    unanswered = Q(state__in=[State.CLASSIFIED, State.IN_PROGRESS]) & reported
    found = Q(department__in=actor.departments(Role.DEPARTMENT_HEAD)) & (undecided | unanswered | condition)
    if actor.holds(Role.MANAGEMENT):
        found |= undecided & Q(escalation_climbed=True)
    complete = Q(completion_asked_at__isnull=True) | Q(_supplemented())
    found |= Q(department__in=actor.departments(Role.CUSTODIAN), state=State.CLOSED) & complete
    if actor.holds(Role.RISK_CONTROL):
        found |= Q(state=State.REQUEST_REVIEW, risk_control_agrees__isnull=True)
        found |= Q(escalation_state=EscalationState.DECIDED, state__in=OPEN)
    return found


def is_supplemented(declaration: Declaration) -> bool:
    """The same of one record; a statement where the custodian has asked, else none."""
    asked_at = declaration.completion_asked_at
    added = declaration.annex_rows.filter(kind=Annex.Kind.ADDITION)
    return asked_at is not None and added.filter(at__gte=asked_at).exists()


def _supplemented() -> Exists:
    """Whether an addition came after the custodian had asked for one."""
    additions = Annex.objects.filter(
        declaration=OuterRef("pk"), kind=Annex.Kind.ADDITION, at__gte=OuterRef("completion_asked_at")
    )
    return Exists(additions)
