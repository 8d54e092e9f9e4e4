"""The problem that an approved request becomes: raised, received, and withdrawn if the approval falls (E4)."""

from __future__ import annotations

from accounts.actors import Actor, local_day
from accounts.models import Role, User
from accounts.queries import holders
from base.clock import now
from escalation.access import require_acknowledge_problem
from escalation.actions.common import tell
from escalation.models import EscalationRequest, Problem
from incidents.models import Declaration
from incidents.numbering import next_number
from ledger.actions import RecordChange, create, step


def acknowledge_problem(problem_id: int, *, version: int | None, actor: Actor, reference: str = "") -> Problem:
    """Problem management signs for the problem and gives it its own number (E4, R-5.4.5-4)."""
    with step(
        Problem,
        problem_id,
        version=None,
        signature=actor.signature(),
        action="acknowledge_problem",
        clause="5.4.5",
    ) as opened:
        opened.signature = actor.signature(require_acknowledge_problem(actor, opened.record))
        opened.expect(version)
        opened.record.acknowledged_by = actor.user
        opened.record.acknowledged_at = now()
        opened.record.reference = reference
    return opened.record


def raise_problem(opened: RecordChange[Declaration], request: EscalationRequest) -> None:
    """Hand the problem of an approved request to problem management, inside an open step; nothing if it has it.

    A request has one problem: approved again after a withdrawal, it is the same one that is handed over anew.
    """
    problem = Problem.objects.filter(request=request).first()
    if problem is not None and problem.withdrawn_at is None:
        return
    number = _reinstate(opened, problem) if problem else _create(opened, request)
    opened.record.set(problem_number=number, problem_withdrawn_at=None)
    tell(opened.record, "problem.raised", holders(Role.PROBLEM_MANAGER), cycle=request.version)


def _create(opened: RecordChange[Declaration], request: EscalationRequest) -> str:
    declaration = opened.record
    problem = Problem(
        number=next_number("WT", local_day(now())),
        request=request,
        declaration=declaration,
        customer=declaration.customer,
        leaf=declaration.leaf,
        subject=declaration.subject,
        raised_at=now(),
    )
    with create(problem, signature=opened.signature, action="raise_problem", clause="5.4.5"):
        return problem.number


def _reinstate(opened: RecordChange[Declaration], problem: Problem) -> str:
    """Whoever had received it signs anew."""
    with step(
        Problem, problem.pk, version=None, signature=opened.signature, action="reinstate_problem", clause="5.4.5"
    ) as taken:
        taken.record.withdrawn_at = taken.record.withdrawn_by = None
        taken.record.withdrawal_reason = ""
        taken.record.acknowledged_at = taken.record.acknowledged_by = None
        return taken.record.number


def withdraw_problem(opened: RecordChange[Declaration], request: EscalationRequest, reason: str) -> None:
    """Take back the problem of a request that is refused after all, inside an open step; nothing if there is none.

    It stays, marked with the reason. Problem management hears of it, and so do those who deal with the incident.
    """
    problem = Problem.objects.filter(request=request, withdrawn_at=None).first()
    if problem is None:
        return
    at = now()
    with step(
        Problem, problem.pk, version=None, signature=opened.signature, action="withdraw_problem", clause="5.4.5"
    ) as taken:
        taken.record.withdrawn_at = at
        taken.record.withdrawn_by = request.decided_by
        taken.record.withdrawal_reason = reason
    declaration = opened.record
    declaration.set(problem_number="", problem_withdrawn_at=at)
    concerned: list[User | None] = [request.by, declaration.desk, declaration.handler, problem.acknowledged_by]
    tell(
        declaration,
        "problem.withdrawn",
        [*holders(Role.PROBLEM_MANAGER), *concerned],
        cycle=request.version,
    )
