"""What somebody must do now, whom the rest waits for, and until when (my desk, and the counts of the navigation)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from accounts.actors import Actor
from base.clock import now
from desk.next_step import waits_for
from desk.queries.duties import duties_of, duty_counts
from desk.queries.steps import own_steps, step_counts
from desk.queries.turns import ELSEWHERE
from incidents.access import NextStep, declarations
from incidents.models import OPEN_STATES, Declaration, moves
from incidents.queries.listing import UNSHOWN
from incidents.verbs import Party
from procedure.queries import Rules
from record_form.verbs import PROMPTS, VERBS

LIMIT = 200
OPEN = sorted(OPEN_STATES)
READ_WITH = ("customer", "contact", "receiver", "desk", "handler", "relayed_by")


@dataclass(frozen=True)
class Task:
    """One declaration and the step that is the reader's to take; without a step it waits for `party`."""

    declaration: Declaration
    step: NextStep | None
    party: Party = ""

    @property
    def is_about_request(self) -> bool:
        """Whether the step answers an escalation request, whose clock then counts."""
        return self.step is not None and VERBS[self.step.verb].version_of == "request"


@dataclass(frozen=True)
class Counts:
    """How much somebody has to do: the own next steps by verb, and everything else by kind.

    Both end at one more than are counted, which stands for more.
    """

    steps: Mapping[str, int] = field(default_factory=dict)
    duties: Mapping[str, int] = field(default_factory=dict)

    @property
    def all(self) -> int:
        """What the navigation shows beside my desk, and my desk as its total."""
        return sum(self.steps.values()) + sum(self.duties.values())

    def of(self, verbs: Iterable[str]) -> int:
        """How many of the own steps are one of `verbs`."""
        return sum(self.steps.get(verb, 0) for verb in verbs)


@dataclass(frozen=True)
class Work:
    """All that stands on somebody's desk; `more` says that there is more than was read."""

    mine: list[Task] = field(default_factory=list)
    waiting: list[Task] = field(default_factory=list)
    duties: Mapping[str, list[Any]] = field(default_factory=dict)
    more: bool = False


def counts_of(actor: Actor, book: Rules | None) -> Counts:
    """What the navigation counts; two statements, more where `duty_counts` says so.

    `book` is the procedure in force today.
    """
    return Counts(step_counts(actor, book), duty_counts(actor, book))


def work_of(actor: Actor, book: Rules | None = None, counts: Counts | None = None) -> Work:
    """What `actor` must do and whom the rest waits for, at most `LIMIT` records of each, those due first first.

    One statement over the own customers, departments and names by their indexes, one for the records found, and one for
    each kind of duty that `counts` has any of.
    """
    counts = counts or counts_of(actor, book)
    steps = own_steps(actor, book, LIMIT + 1)
    mine, waiting = dict(islice(steps.mine.items(), LIMIT)), dict(islice(steps.waiting.items(), LIMIT))
    rows = Declaration.objects.filter(pk__in=[*mine, *waiting]).select_related(*READ_WITH)
    found = {row.pk: row for row in rows.defer(*UNSHOWN)} if mine or waiting else {}
    tasks = [_task(found[key], verb) for key, verb in waiting.items() if key in found]
    return Work(
        mine=[_task(found[key], verb) for key, verb in mine.items() if key in found],
        waiting=[task for task in tasks if task.party],
        duties=duties_of(actor, book, counts.duties),
        more=len(steps.mine) > LIMIT,
    )


def nearest_deadline(actor: Actor) -> datetime | None:
    """The next due time of all open records that `actor` may see; one row by `declaration_shown_due`."""
    coming = declarations(actor).filter(state__in=OPEN, shown_due_at__gte=now())
    return coming.order_by("shown_due_at").values_list("shown_due_at", flat=True).first()


def _task(declaration: Declaration, turn: str) -> Task:
    if turn in PROMPTS:
        move = moves()[turn]
        return Task(declaration, NextStep(move.verb, move.label, move.clause))
    return Task(declaration, None, "handler" if turn == ELSEWHERE else waits_for(declaration))
