"""Which problems somebody may see, and the incidents of one."""

from __future__ import annotations

import re

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.actors import Actor
from accounts.models import Role
from base.paging import Order, Page, page
from escalation.models import Problem
from incidents.access import declarations, visible
from incidents.models import Declaration
from incidents.queries.counting import bounded_counts

NUMBER = re.compile(r"[A-Z]{2}-[0-9]{8}-[0-9]{3,12}")
LIMIT = 100
NEWEST = Order("raised_at", descending=True)


def problems(actor: Actor) -> QuerySet[Problem]:
    """The problems that `actor` may see, newest first: those of visible records, for problem management all but those
    whose incident became a security record (R-5.4.2-7)."""
    found = Problem.objects.select_related("declaration", "customer", "request__by", "acknowledged_by", "withdrawn_by")
    seen = visible(actor)
    if actor.holds(Role.PROBLEM_MANAGER):
        seen |= Q(restricted=False)
    # Asked of each problem, of which there are few: else the database may read all records first.
    own = Declaration.objects.filter(seen, pk=OuterRef("declaration")).values("pk")
    return found.filter(declaration=Subquery(own)).order_by("-raised_at", "-pk")


def awaited(found: QuerySet[Problem]) -> QuerySet[Problem]:
    """Those of them that nobody in problem management has received; by `problem_awaited`."""
    return found.filter(acknowledged_at=None, withdrawn_at=None)


def problem_page(actor: Actor, cursor: str = "", *, waiting: bool = False) -> Page[Problem]:
    """One page of the problems that `actor` may see, newest first, all or those that nobody has received.

    One statement, by `problem_raised` or `problem_awaited`.
    """
    found = problems(actor)
    return page(awaited(found) if waiting else found, NEWEST, cursor)


def problem_counts(actor: Actor) -> dict[str, int]:
    """How many problems `actor` may see ("all"), and how many of them nobody has received ("waiting"), each up to
    `LIMIT` + 1, which stands for more; one statement."""
    found = problems(actor)
    return bounded_counts({"all": found, "waiting": awaited(found)}, LIMIT)


def unsigned_problem(declaration: Declaration) -> Problem | None:
    """The problem raised from it for which nobody in problem management has signed yet; one statement."""
    return awaited(Problem.objects.filter(declaration=declaration)).first()


def problem_to_read(actor: Actor, number: str) -> Problem:
    """The problem with that number; raises Problem.DoesNotExist for an unknown and a foreign one alike."""
    if not NUMBER.fullmatch(number):
        raise Problem.DoesNotExist
    return problems(actor).get(number=number)


def incidents_of(actor: Actor, problem: Problem) -> list[Declaration]:
    """The incidents of the same problem that `actor` may see, the one that raised it first; one statement."""
    joined = Q(linked_to=problem.declaration_id, customer=problem.customer_id, leaf=problem.leaf)
    same = Q(pk=problem.declaration_id) | joined
    found = list(declarations(actor).filter(same).select_related("customer").order_by("received_at", "pk")[:LIMIT])
    return sorted(found, key=lambda row: row.pk != problem.declaration_id)
