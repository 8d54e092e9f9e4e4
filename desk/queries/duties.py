"""What somebody must do besides the next steps of records: findings, reviews, problems, what keeps the desk running.

Each kind is one query over the few rows that are due, so that the count in the navigation and the lines of my desk
are the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.actors import Actor, Held, local_day
from accounts.models import Role, User
from audit.models import FOLLOWED_UP, Finding, Review
from audit.queries import waiting_for_review
from base.clock import now
from escalation.actions.agreements import ENDED_DAYS
from escalation.models import Problem, Unanswered
from escalation.queries import count_unanswered, problems, unanswered_for, unanswered_told
from escalation.queries.problems import awaited
from incidents.models import Declaration
from incidents.queries.counting import counted, counting
from knowledge.models import KnowledgeArticle
from knowledge.queries import waiting_for_reviewer
from notifications.models import Notification
from procedure.queries import Rules
from sla.models import Calendar, Contract
from sla.queries import calendars, ending, unplanned_years, years_needed

# More are counted as "99+", and as many lines are shown.
MOST_COUNTED = 100
KEEPERS_OF_YEARS = (Role.ADMINISTRATOR, Role.DOCUMENT_OWNER)


@dataclass(frozen=True)
class Today:
    """The day in China, and what the procedure in force on it asks of contracts and calendars."""

    day: date
    renewal_days: int = 0
    alarm_from: tuple[int, int] = (12, 31)

    @classmethod
    def under(cls, book: Rules | None) -> Today:
        """Without a procedure, before its first version, nothing is asked before its day."""
        day = local_day(now())
        if book is None:
            return cls(day)
        month, first = (int(part) for part in book.parameter("calendar_alarm_from").split("-"))
        return cls(day, max(book.parameter("contract_renewal_days")), (month, first))


def _problems(actor: Actor, today: Today) -> QuerySet[Problem] | None:
    """Raised and not received by problem management yet (R-5.4.5-4)."""
    if not actor.holds(Role.PROBLEM_MANAGER):
        return None
    return awaited(problems(actor)).order_by("raised_at", "pk")


def _findings(actor: Actor, today: Today) -> QuerySet[Finding]:
    """One's own, to be corrected by their day (R-6-3); by `finding_owner`."""
    own = Finding.objects.filter(owner=actor.user, state=Finding.State.OPEN, review__state=Review.State.FINDING)
    return own.select_related("review__declaration").order_by("due", "pk")


def _corrections(actor: Actor, today: Today) -> QuerySet[Finding] | None:
    """Corrected by others, to be verified by an auditor."""
    if not actor.holds(Role.AUDITOR):
        return None
    found = Finding.objects.filter(state=Finding.State.CORRECTED, review__state__in=FOLLOWED_UP)
    return found.exclude(owner=actor.user).select_related("review__declaration").order_by("corrected_at", "pk")


def _reviews(actor: Actor, today: Today) -> QuerySet[Declaration] | None:
    """Closed records that must be reviewed and that no other auditor has taken up (A-25)."""
    if not actor.holds(Role.AUDITOR):
        return None
    going_on = Review.objects.filter(
        declaration=OuterRef("pk"), state__in=(Review.State.SELECTED, Review.State.IN_REVIEW)
    )
    return waiting_for_review().filter(~Exists(going_on.exclude(auditor=actor.user)))


def _warnings(actor: Actor, today: Today) -> QuerySet[Unanswered]:
    """Warnings that reached the actor, also by climbing, and that nobody has taken note of."""
    return unanswered_told(actor)


def _dead_letters(actor: Actor, today: Today) -> QuerySet[Notification] | None:
    """Messages that were given up, so that somebody has to be told in another way."""
    if not actor.holds(Role.ADMINISTRATOR):
        return None
    return Notification.objects.filter(status=Notification.Status.DEAD).order_by("-pk")


def _contracts(actor: Actor, today: Today) -> QuerySet[Contract] | None:
    """Contracts that end or have ended without a successor, of the own departments; for an administrator all."""
    heads = actor.departments(Role.DEPARTMENT_HEAD)
    keeps = actor.holds(Role.ADMINISTRATOR)
    if not heads and not keeps:
        return None
    found = ending(today.day, today.renewal_days, ENDED_DAYS)
    return found if keeps else found.filter(customer__department__in=heads)


def _articles(actor: Actor, today: Today) -> QuerySet[KnowledgeArticle]:
    """Articles that were proposed to the actor, and those approved by the actor that end soon or have ended."""
    return waiting_for_reviewer(actor.user, today.day)


Kind = Callable[[Actor, Today], "QuerySet[Any] | None"]
KINDS: Mapping[str, Kind] = {
    "warning": _warnings,
    "problem": _problems,
    "finding": _findings,
    "correction": _corrections,
    "review": _reviews,
    "dead_letter": _dead_letters,
    "contract": _contracts,
    "article": _articles,
}


def duty_counts(actor: Actor, book: Rules | None) -> dict[str, int]:
    """How much of each kind the actor has to do, up to `MOST_COUNTED` + 1 which stands for more; one statement.

    One more for whoever keeps the calendars, and where a warning waits. `book` is the procedure in force today.
    """
    today = Today.under(book)
    counts = counted(*_statement(actor.user, actor.grants, today))
    if counts.get("warning"):
        counts["warning"] = count_unanswered(actor)
    counts["year"] = len(_years(actor, today))
    return {kind: count for kind, count in counts.items() if count}


def duties_of(actor: Actor, book: Rules | None, counts: Mapping[str, int]) -> dict[str, list[Any]]:
    """The rows of the kinds that were counted, as many as are counted at most; one statement a kind that has any."""
    today = Today.under(book)
    kinds = {kind for kind, count in counts.items() if count}
    querysets = _asked(actor, today, KINDS.keys() & kinds - {"warning"})
    found: dict[str, list[Any]] = {"warning": unanswered_for(actor)} if "warning" in kinds else {}
    found |= {kind: list(rows[:MOST_COUNTED]) for kind, rows in querysets.items()}
    return {**found, "year": _years(actor, today)} if counts.get("year") else found


# Putting the statement together costs more than carrying it out.
@lru_cache(maxsize=512)
def _statement(
    user: User | None, grants: tuple[Held, ...], today: Today
) -> tuple[tuple[str, ...], str, tuple[Any, ...]]:
    querysets = _asked(Actor(user=user, grants=grants), today, KINDS.keys())
    return tuple(querysets), *counting(querysets, MOST_COUNTED)


def _asked(actor: Actor, today: Today, kinds: Collection[str]) -> dict[str, QuerySet[Any]]:
    found = {kind: rows(actor, today) for kind, rows in KINDS.items() if kind in kinds}
    return {kind: rows for kind, rows in found.items() if rows is not None}


def _years(actor: Actor, today: Today) -> list[tuple[Calendar, int]]:
    """The years that have to be planned by now and are not, with their calendar; one statement for who keeps them."""
    if not any(actor.holds(role) for role in KEEPERS_OF_YEARS):
        return []
    wanted = years_needed(today.day, today.alarm_from)
    return [(calendar, year) for calendar in calendars() for year in unplanned_years(calendar, wanted)]
