"""The end of a declaration, and the ways back into it (T21 to T23, T26)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact
from base.clock import now
from incidents.actions.attachments import Upload, attach_all
from incidents.actions.clocks import call_off_warnings, cancel_clocks, tell_head_of_miss
from incidents.actions.finding import make_solution_findable
from incidents.actions.steps import Ending, foreign_contact, require, working
from incidents.actions.waiting import end_waiting
from incidents.models import Declaration, Reopening
from incidents.queries.attempts import attempt_days
from ledger.actions import RecordChange, seal_soon
from ledger.exceptions import NotPossible
from procedure.queries import rules
from search.actions import remove
from sla import actions as sla
from sla.arithmetic import elapsed
from sla.queries import calendar_of, working_calendar


def close(declaration_id: int, *, version: int | None, actor: Actor) -> Declaration:
    """Complete the record (T21): everything on the closing checklist is met (R-5.4.7-1)."""
    with working(declaration_id, "close", version=version, actor=actor) as step:
        declaration = step.record
        _refuse_early_attempts(declaration)
        declaration.close(closed_by=actor.user, closed_at=now())
        make_solution_findable(declaration)
        seal_soon()
    return declaration


def _refuse_early_attempts(declaration: Declaration) -> None:
    """Closing without an answer: from the first attempt to the last lie so many working days, and as many are over."""
    if declaration.confirmed_at is not None or declaration.first_attempt_at is None:
        return
    days = rules(declaration.procedure_version_id).parameter("closing_attempt_days")
    calendar = working_calendar(calendar_of(declaration.contract))
    waited = elapsed(declaration.first_attempt_at, now(), calendar)
    tried = attempt_days(declaration)
    spread = calendar.working_days(tried[0], tried[-1]) if tried else 0
    if spread < days or waited < timedelta(minutes=days * calendar.minutes_of_a_day):
        raise NotPossible(
            _("The attempts must spread over %(days)s working days; try again later.") % {"days": days},
            clause="5.4.7",
        )


def reject(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    reason: str,
    way: str,
    contact: Contact | None = None,
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """The customer says that it is not solved (T22): the same clock goes on as if it had never stopped (A-05)."""
    with working(declaration_id, "reject", version=version, actor=actor, uploads=attachments) as step:
        require(
            reason=None if reason.strip() else _("Write what is not solved."),
            contact=foreign_contact(step.record, contact),
        )
        _go_on(step, actor, Reopening.Kind.REJECTED, reason, way, actor.contact or contact)
        attach_all(step, attachments, actor=actor)
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
    step: RecordChange[Declaration], actor: Actor, kind: str, reason: str, way: str = "", contact: Contact | None = None
) -> None:
    declaration = step.record
    assert declaration.resolved_at is not None
    assert declaration.resolution_clock is not None
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
            earlier_met=declaration.resolution_clock.met,
        )
    )
    sla.continue_clock(declaration.resolution_clock, now())
    declaration.set(
        resolved_at=None,
        confirmed_at=None,
        confirmation_authorised=None,
        confirmed_in_writing=False,
        reopen_count=declaration.reopen_count + 1,
    )


def withdraw(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    who: str,
    how: str,
    attachments: Sequence[Upload] = (),
    ending: Ending | None = None,
) -> Declaration:
    """The customer takes the declaration back, in words that are logged (T26).

    `ending` ends what an upper room keeps of it, in the same step.
    """
    with working(declaration_id, "withdraw", version=version, actor=actor, uploads=attachments) as step:
        require(
            who=None if who.strip() else _("Say who of the customer withdrew it."),
            how=None if how.strip() else _("Say how and in which words."),
        )
        declaration, at = step.record, now()
        attach_all(step, attachments, actor=actor)
        end_waiting(step, at)
        tell_head_of_miss(declaration)
        cancel_clocks(declaration, at)
        call_off_warnings(step)
        for handover in declaration.handover_rows.filter(received_at=None, returned_at=None).select_related("clock"):
            if handover.clock and handover.clock.stopped_at is None:
                sla.cancel(handover.clock, at)
        declaration.withdraw(withdrawn_by_name=who, withdrawn_at=at, withdrawn_how=how, ended_at=at)
        if ending is not None:
            ending(step)
    return declaration
