"""The solution, and why it came late (clauses 5.4.4 and 5.4.6)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact
from base.clock import now
from incidents.actions.attachments import Upload, attach_all
from incidents.actions.clocks import call_off_warnings
from incidents.actions.communication import add_communication
from incidents.actions.reports import leave_unanswered, refuse_unanswered
from incidents.actions.steps import foreign_contact, require, working
from incidents.actions.waiting import end_waiting
from incidents.models import Declaration, SolutionKind, Way
from ledger.actions import RecordChange
from sla import actions as sla


def resolve(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    cause: str,
    solution: str,
    solution_kind: str,
    supporters: Sequence[str],
    told_to: Contact | None,
    told_way: str,
    unanswered_report_reason: str = "",
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """Service restored and the customer told (T19); the resolution clock stops now (A-05).

    `supporters` names people or departments; an empty list says that nobody helped. A report that the head has to
    answer is answered first, or `unanswered_report_reason` says why it is solved without (R-5.4.4-7).
    """
    with working(declaration_id, "resolve", version=version, actor=actor, uploads=attachments) as step:
        require(
            cause=None if cause.strip() else _("Write the cause."),
            solution=None if solution.strip() else _("Write what solved it."),
            solution_kind=None if solution_kind in SolutionKind.values else _("Permanent, or a workaround?"),
            told_to=_told_problem(step.record, told_to),
            told_way=None if told_way in Way.values else _("Say by which means."),
            unanswered_report_reason=refuse_unanswered(step.record, unanswered_report_reason),
        )
        leave_unanswered(step, unanswered_report_reason)
        _solved(step, actor, solution=solution, told_to=told_to, told_way=told_way)
        attach_all(step, attachments, actor=actor)
        step.record.resolve(cause=cause, solution_kind=solution_kind, supporters=list(supporters))
    return step.record


def quick_solve(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    solution: str,
    means: str,
    told_to: Contact | None,
    cause: str = "",
    already_told: bool = False,
    unanswered_report_reason: str = "",
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """Solve a minor one at once by phone or mail (T20, R-5.4.4-5).

    `already_told`: the first response of the same transaction was to tell the solution; it is not written twice.
    """
    with working(declaration_id, "quick_solve", version=version, actor=actor, uploads=attachments) as step:
        require(
            solution=None if solution.strip() else _("Write what solved it."),
            means=None if means in Way.values else _("Say by which means."),
            told_to=_told_problem(step.record, told_to),
            unanswered_report_reason=refuse_unanswered(step.record, unanswered_report_reason),
        )
        leave_unanswered(step, unanswered_report_reason)
        _solved(step, actor, solution=solution, told_to=told_to, told_way=means, already_told=already_told)
        attach_all(step, attachments, actor=actor)
        step.record.quick_solve(
            quick_solved=True,
            cause=cause,
            solution_kind=SolutionKind.PERMANENT,
            started_at=now(),
            handled_at=now(),
        )
    return step.record


def _told_problem(declaration: Declaration, told_to: Contact | None) -> str | None:
    return foreign_contact(declaration, told_to) if told_to else _("Say whom of the customer you told.")


def _solved(
    step: RecordChange[Declaration],
    actor: Actor,
    *,
    solution: str,
    told_to: Contact | None,
    told_way: str,
    already_told: bool = False,
) -> None:
    declaration, at = step.record, now()
    end_waiting(step, at)
    assert declaration.resolution_clock is not None
    sla.stop(declaration.resolution_clock, at)
    call_off_warnings(step, "resolution")
    if not already_told:
        add_communication(step, actor=actor, way=told_way, text=solution, contact=told_to, at=at)
    declaration.set(
        solution=solution,
        told_to=told_to,
        told_way=told_way,
        resolved_at=at,
        resolved_by=actor.user,
        communicated_at=at,
        due_at=declaration.resolution_clock.due_at,
        confirmed_at=None,
        confirmation_authorised=None,
        confirmed_in_writing=False,
        unanswered_attempts=0,
        first_attempt_at=None,
    )


def state_breach_reason(declaration_id: int, *, version: int | None, actor: Actor, reason: str) -> Declaration:
    """Say why the time allowed was missed (R-5.4.6-5)."""
    with working(declaration_id, "state_breach_reason", version=version, actor=actor) as step:
        require(reason=None if reason.strip() else _("State the cause."))
        step.record.state_breach_reason(breach_reason=reason)
    return step.record
