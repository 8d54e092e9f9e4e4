"""Valid or not, and of which type (clause 5.4.2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Role
from accounts.queries import head_of, holders
from base.clock import now
from incidents.actions.clocks import call_off_warnings, cancel_clocks, tell_head_of_miss
from incidents.actions.communication import add_communication, name_of_caller, usual_way
from incidents.actions.notices import notify_of
from incidents.actions.scope import (
    NO_ANSWERS,
    NO_PARTY,
    Party,
    ScopeAnswers,
    foreign_party,
    note_screening,
    screening_problems,
    take_party,
)
from incidents.actions.steps import Ending, require, working
from incidents.actions.waiting import end_waiting
from incidents.models import Declaration, InvalidReason, Type, TypeChange, Way
from incidents.models.guards import is_reachable
from ledger.actions import RecordChange
from sla import actions as sla


def screen_as_invalid(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    reason: str,
    text: str = "",
    duplicate_of: Declaration | None = None,
    caller_told: bool = False,
    told_way: str = "",
    told_text: str = "",
    answers: ScopeAnswers = NO_ANSWERS,
    party: Party = NO_PARTY,
) -> Declaration:
    """End a declaration that is not a valid one, with its reason (T4); a duplicate names the first one.

    Whoever called is told (R-5.4.2-1): the reason, or `told_text`, stands as a contact on the record.
    """
    with working(declaration_id, "screen_as_invalid", version=version, actor=actor) as step:
        take_party(step.record, party, actor)
        owed = is_reachable(step.record)
        require(
            reason=None if reason in InvalidReason.values else _("Choose why it is not valid."),
            duplicate_of=_duplicate_problem(step.record, reason, duplicate_of),
            text=_("Describe the reason.") if reason == InvalidReason.OTHER and not text.strip() else None,
            caller_told=_("Tell the caller that it ends here.") if owed and not caller_told else None,
            told_way=None if told_way in ("", *Way.values) else _("Say by which means."),
            **foreign_party(step.record),
        )
        if caller_told:
            _note_told(step, actor, told_way, told_text.strip() or _reason_in_words(reason, text))
        note_screening(step, actor, Type.INVALID, answers)
        step.record.screen_as_invalid(
            valid=False,
            invalid_reason=reason,
            invalid_text=text,
            duplicate_of=duplicate_of,
            caller_told=caller_told,
            ended_at=now(),
        )
        cancel_clocks(step.record, now())
        call_off_warnings(step)
    return step.record


def screen_as_incident(
    declaration_id: int, *, version: int | None, actor: Actor, answers: ScopeAnswers, party: Party
) -> Declaration:
    """A valid incident under a contract in force goes on to classification (T5)."""
    with working(declaration_id, "screen_as_incident", version=version, actor=actor) as step:
        take_party(step.record, party, actor)
        require(**screening_problems(step.record, Type.INCIDENT, answers))
        note_screening(step, actor, Type.INCIDENT, answers)
        step.record.screen_as_incident(valid=True)
    return step.record


def screen_as_request(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    answers: ScopeAnswers,
    party: Party,
    additions: str = "",
) -> Declaration:
    """Pass a new demand unaltered to the head of department and risk control at once (T6, R-5.4.2-5).

    What was declared goes as it stands on the record; `additions` join its other demands and replace nothing.
    """
    with working(declaration_id, "screen_as_request", version=version, actor=actor) as step:
        take_party(step.record, party, actor)
        require(**screening_problems(step.record, Type.SERVICE_REQUEST, answers))
        note_screening(step, actor, Type.SERVICE_REQUEST, answers)
        step.record.screen_as_request(
            valid=True,
            verbatim=step.record.body,
            other_demands=_joined(step.record.other_demands, additions),
            head_agrees=None,
            risk_control_agrees=None,
            customer_answered_at=None,
        )
        _tell_deciders(step.record)
    return step.record


def change_type(
    declaration_id: int, *, version: int | None, actor: Actor, to: str, reason: str, ending: Ending | None = None
) -> Declaration:
    """Correct the type before closing (T27): back to screening, clocks keep their start (R-5.4.2-8).

    `ending` ends what an upper room keeps of it, in the same step.
    """
    with working(declaration_id, "change_type", version=version, actor=actor) as step:
        declaration = step.record
        require(
            to=None if to in Type.values and to != declaration.type else _("Choose the right type."),
            reason=None if reason.strip() else _("Say why the type is corrected."),
        )
        step.add(
            TypeChange(
                declaration=declaration,
                by=actor.user,
                at=now(),
                from_type=declaration.type,
                to_type=to,
                reason=reason,
            )
        )
        end_waiting(step, at=now())
        tell_head_of_miss(declaration)
        if declaration.resolution_clock and declaration.resolution_clock.stopped_at is None:
            sla.cancel(declaration.resolution_clock, now())
            call_off_warnings(step, "resolution")
        declaration.change_type(
            intended_type=to,
            type=Type.UNKNOWN,
            due_at=None,
            resolved_at=None,
            escalation_triggers=[],
        )
        if ending is not None:
            ending(step)
    return step.record


def _joined(own: str, added: str) -> str:
    return own if added.strip() in ("", own.strip()) else "\n".join(filter(None, [own, added]))


def _reason_in_words(reason: str, text: str) -> str:
    label = InvalidReason(reason).label
    return _("Not taken on: %(reason)s") % {"reason": f"{label}\n{text}".strip()}


def _note_told(step: RecordChange[Declaration], actor: Actor, way: str, text: str) -> None:
    """The words by which the caller heard that it ends, as a contact of the record, inside an open step."""
    declaration = step.record
    add_communication(
        step,
        actor=actor,
        way=way or usual_way(declaration),
        text=text,
        contact=declaration.contact,
        to="" if declaration.contact else name_of_caller(declaration),
        at=now(),
    )
    declaration.set(communicated_at=now())


def _duplicate_problem(declaration: Declaration, reason: str, first: Declaration | None) -> str | None:
    if reason != InvalidReason.DUPLICATE:
        return None
    if first is None:
        return _("Give the number of the first declaration.")
    if first.pk == declaration.pk:
        return _("A declaration cannot be a duplicate of itself.")
    return None


def _tell_deciders(declaration: Declaration) -> None:
    notify_of(declaration, "request.waiting", [head_of(declaration.department), *holders(Role.RISK_CONTROL)])
