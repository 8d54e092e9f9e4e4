"""From the solution to the closed record (clauses 5.4.4 and 5.4.7), and back when the customer says no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Contact
from config.clock import now
from files.actions import Kept
from incidents.actions.attachments import Upload, attach, keep_upload
from incidents.actions.clocks import cancel_clocks
from incidents.actions.communication import add_communication
from incidents.actions.screening import end_waiting
from incidents.actions.steps import foreign_contact, require, working
from incidents.models import (
    Annex,
    Attachment,
    Confirmation,
    Declaration,
    Reopening,
    SolutionKind,
    Way,
)
from ledger.actions import Step
from ledger.exceptions import NotPossible
from procedure.queries import rules
from search.actions import index, remove
from sla import actions as sla
from sla.arithmetic import elapsed
from sla.queries import calendar_of, working_calendar


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
) -> Declaration:
    """Service restored and the customer told (T19); the resolution clock stops now (A-05).

    `supporters` names people or departments; an empty list says that nobody helped.
    """
    with working(declaration_id, "resolve", version=version, actor=actor) as step:
        require(
            cause=None if cause.strip() else _("Write the cause."),
            solution=None if solution.strip() else _("Write what solved it."),
            solution_kind=None if solution_kind in SolutionKind.values else _("Permanent, or a workaround?"),
            told_to=_told_problem(step.record, told_to),
            told_way=None if told_way in Way.values else _("Say by which means."),
        )
        _solved(step, actor, solution=solution, told_to=told_to, told_way=told_way)
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
) -> Declaration:
    """Solve a minor one at once by phone or mail (T20, R-5.4.4-5)."""
    with working(declaration_id, "quick_solve", version=version, actor=actor) as step:
        require(
            solution=None if solution.strip() else _("Write what solved it."),
            means=None if means in Way.values else _("Say by which means."),
            told_to=_told_problem(step.record, told_to),
        )
        _solved(step, actor, solution=solution, told_to=told_to, told_way=means)
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


def _solved(step: Step[Declaration], actor: Actor, *, solution: str, told_to: Contact | None, told_way: str) -> None:
    declaration, at = step.record, now()
    end_waiting(step, at)
    assert declaration.resolution_clock is not None
    sla.stop(declaration.resolution_clock, at)
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


def confirm(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    contact: Contact | None,
    way: str,
    opinion: str = "",
    satisfaction: int | None = None,
    scan: Upload | None = None,
) -> Declaration:
    """Record the customer's word that it is solved (R-5.4.7-2).

    A contact without the right to confirm is allowed, marked, and needs a reason at closing (A-23). A signed scan
    brings its file.
    """
    with working(declaration_id, "confirm", version=version, actor=actor) as step:
        declaration = step.record
        contact = actor.contact or contact
        require(
            contact=_confirming_problem(declaration, contact),
            way=None if way in Way.values else _("Say by which means."),
            satisfaction=None if satisfaction in (None, 1, 2, 3, 4, 5) else _("A score is a number from 1 to 5."),
            scan=_("Upload the signed scan.") if way == Way.SIGNED_SCAN and scan is None else None,
        )
        assert contact is not None
        attachment = attach(step, scan, purpose="confirm", actor=actor, field="scan") if scan else None
        _add_confirmation(step, actor, contact, way, opinion, satisfaction, attachment)
        declaration.confirm(
            confirmed_at=now(),
            # A second word takes nothing from the first.
            confirmation_authorised=contact.may_confirm or bool(declaration.confirmation_authorised),
            confirmed_in_writing=way == Way.SIGNED_SCAN or declaration.confirmed_in_writing,
            satisfaction=satisfaction if satisfaction is not None else declaration.satisfaction,
        )
    return declaration


def _add_confirmation(
    step: Step[Declaration],
    actor: Actor,
    contact: Contact,
    way: str,
    opinion: str,
    satisfaction: int | None,
    attachment: Attachment | None,
) -> None:
    step.add(
        Confirmation(
            declaration=step.record,
            by=actor.user,
            at=now(),
            contact=contact,
            way=way,
            opinion=opinion,
            satisfaction=satisfaction,
            authorised=contact.may_confirm,
            attachment=attachment,
        )
    )


def _confirming_problem(declaration: Declaration, contact: Contact | None) -> str | None:
    return foreign_contact(declaration, contact) if contact else _("Say who of the customer confirmed.")


def reject(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    reason: str,
    way: str,
    contact: Contact | None = None,
) -> Declaration:
    """The customer says that it is not solved (T22): the same clock goes on as if it had never stopped (A-05)."""
    with working(declaration_id, "reject", version=version, actor=actor) as step:
        require(
            reason=None if reason.strip() else _("Write what is not solved."),
            contact=foreign_contact(step.record, contact),
        )
        _go_on(step, actor, Reopening.Kind.REJECTED, reason, way, actor.contact or contact)
        step.record.reject()
    return step.record


def reopen(declaration_id: int, *, version: int | None, actor: Actor, reason: str) -> Declaration:
    """The desk opens a closed record again within the time allowed for it (T23)."""
    with working(declaration_id, "reopen", version=version, actor=actor) as step:
        require(reason=None if reason.strip() else _("Say why it is opened again."))
        _go_on(step, actor, Reopening.Kind.REOPENED, reason)
        step.record.reopen(closed_at=None)
        remove("case", declaration_id)
    return step.record


def _go_on(
    step: Step[Declaration], actor: Actor, kind: str, reason: str, way: str = "", contact: Contact | None = None
) -> None:
    declaration = step.record
    assert declaration.resolved_at is not None
    step.add(
        Reopening(
            declaration=declaration,
            by=actor.user,
            at=now(),
            kind=kind,
            contact=contact,
            way=way,
            reason=reason,
            earlier_resolved_at=declaration.resolved_at,
        )
    )
    assert declaration.resolution_clock is not None
    sla.continue_clock(declaration.resolution_clock, now())
    declaration.set(
        resolved_at=None,
        confirmed_at=None,
        confirmation_authorised=None,
        confirmed_in_writing=False,
        reopen_count=declaration.reopen_count + 1,
    )


def close(
    declaration_id: int, *, version: int | None, actor: Actor, unauthorised_confirmation_reason: str = ""
) -> Declaration:
    """Complete the record (T21): everything on the closing checklist is met (R-5.4.7-1)."""
    with working(declaration_id, "close", version=version, actor=actor) as step:
        declaration = step.record
        unauthorised = declaration.confirmation_authorised is False
        require(
            unauthorised_confirmation_reason=(
                _("This person may not confirm: give the reason, or ask one who may.")
                if unauthorised and not unauthorised_confirmation_reason.strip()
                else None
            )
        )
        _refuse_early_attempts(declaration)
        declaration.close(
            closed_by=actor.user,
            closed_at=now(),
            unauthorised_confirmation_reason=unauthorised_confirmation_reason if unauthorised else "",
        )
        index("case", declaration.pk, title=declaration.subject, text=_case_text(declaration), at=now())
    return declaration


def _case_text(declaration: Declaration) -> str:
    return " ".join([declaration.body, declaration.cause, declaration.solution, *declaration.leaf_path])


def _refuse_early_attempts(declaration: Declaration) -> None:
    """Closing without an answer needs its attempts spread over working days (A-23)."""
    if declaration.confirmed_at is not None or declaration.first_attempt_at is None:
        return
    days = rules(declaration.procedure_version_id).parameter("closing_attempt_days")
    calendar = working_calendar(calendar_of(declaration.contract))
    waited = elapsed(declaration.first_attempt_at, now(), calendar)
    if waited < timedelta(minutes=days * calendar.minutes_of_a_day):
        raise NotPossible(
            _("The attempts must spread over %(days)s working days; try again later.") % {"days": days},
            clause="5.4.7",
        )


def withdraw(declaration_id: int, *, version: int | None, actor: Actor, who: str, how: str) -> Declaration:
    """The customer takes the declaration back, in words that are logged (T26)."""
    with working(declaration_id, "withdraw", version=version, actor=actor) as step:
        require(
            who=None if who.strip() else _("Say who of the customer withdrew it."),
            how=None if how.strip() else _("Say how and in which words."),
        )
        declaration, at = step.record, now()
        end_waiting(step, at)
        cancel_clocks(declaration, at)
        for handover in declaration.handover_rows.filter(received_at=None, returned_at=None).select_related("clock"):
            if handover.clock and handover.clock.stopped_at is None:
                sla.cancel(handover.clock, at)
        declaration.withdraw(withdrawn_by_name=who, withdrawn_at=at, withdrawn_how=how, ended_at=at)
    return declaration


def return_for_completion(declaration_id: int, *, version: int | None, actor: Actor, missing: str) -> Declaration:
    """The custodian sends a closed record back; what is missing is added as an annex (T25)."""
    with working(declaration_id, "return_for_completion", version=version, actor=actor) as step:
        require(missing=None if missing.strip() else _("Say what is missing."))
        step.add(_annex(step.record, actor, Annex.Kind.MISSING, missing))
        step.record.return_for_completion(completion_asked_at=now())
    return step.record


def add_annex(declaration_id: int, *, actor: Actor, text: str, scan: Upload | None = None) -> Declaration:
    """Add a dated annex beside a closed or filed record, which itself stays as it is (R-5.4.7-4)."""
    with working(declaration_id, "add_annex", version=None, actor=actor, bump=False) as step:
        require(text=None if text.strip() else _("Write the addition."))
        kept = keep_upload(scan, "scan") if scan else None
        step.add(_annex(step.record, actor, Annex.Kind.ADDITION, text, kept))
        step.record.add_annex()
    return step.record


def _annex(declaration: Declaration, actor: Actor, kind: str, text: str, kept: Kept | None = None) -> Annex:
    return Annex(
        declaration=declaration,
        by=actor.user,
        at=now(),
        kind=kind,
        text=text,
        file=kept.file if kept else None,
        name=kept.name if kept else "",
    )
