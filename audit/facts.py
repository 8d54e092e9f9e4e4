"""What the record itself says under each reviewed clause, in short phrases; empty ones are left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from base.wording import clock_time, duration
from incidents.models import (
    STANDING,
    Declaration,
    EscalationState,
    Impact,
    KnowledgeLookup,
    SolutionKind,
    Type,
    Urgency,
)
from sla.models import Clock


def _when(label: str, at: datetime | None, who: object = "") -> str:
    return " ".join(part for part in (label, clock_time(at), str(who or "")) if part) if at else ""


def _intake(declaration: Declaration) -> list[str]:
    files = sum(each.came_with_the_call and each.stands for each in declaration.attachment_rows.all())
    return [
        str(declaration.get_channel_display()),
        ngettext("%(count)s file kept", "%(count)s files kept", files) % {"count": files} if files else "",
        declaration.via or declaration.source_ref,
    ]


def _acceptance(declaration: Declaration) -> list[str]:
    return [
        _when(_("Received"), declaration.received_at),
        _when(_("Typed in"), declaration.registered_at, declaration.accepted_by),
        _when(_("Relayed"), declaration.relayed_at, declaration.relayed_by),
        declaration.late_reason,
    ]


def _screening(declaration: Declaration) -> list[str]:
    return [
        str(Type(declaration.type).label),
        _when(_("Screened"), declaration.screened_at, declaration.screened_by),
        declaration.invalid_text
        or (str(declaration.get_invalid_reason_display()) if declaration.invalid_reason else ""),
        *(_when(str(row.get_kind_display()), row.at, row.receiver) for row in declaration.handover_rows.all()),
    ]


def _grading(declaration: Declaration) -> list[str]:
    return [
        _graded(declaration),
        _when(_("Due"), declaration.due_at),
        declaration.grading_basis,
        _when(_("First response"), declaration.first_response_at),
        _kept(declaration.response_clock),
    ]


def _graded(declaration: Declaration) -> str:
    if declaration.priority is None:
        return ""
    return _("%(impact)s × %(urgency)s = level %(level)s") % {
        "impact": Impact(declaration.impact).label,
        "urgency": Urgency(declaration.urgency).label,
        "level": declaration.priority,
    }


def _handling(declaration: Declaration) -> list[str]:
    lookups = [
        str(KnowledgeLookup.Result(row.result).label) for row in declaration.knowledgelookup_rows.all() if row.stands
    ]
    steps = declaration.handlingstep_rows.filter(STANDING).count()
    return [
        _("Knowledge base asked: %(results)s") % {"results": _(", ").join(lookups)} if lookups else "",
        _when(_("Plan written"), declaration.planned_at),
        ngettext("%(count)s handling step", "%(count)s handling steps", steps) % {"count": steps} if steps else "",
        str(SolutionKind(declaration.solution_kind).label) if declaration.solution_kind else "",
    ]


def _escalation(declaration: Declaration) -> list[str]:
    return [
        str(EscalationState(declaration.escalation_state).label)
        if declaration.escalation_state
        else _("No escalation was triggered"),
        _("Time %(ordinal)s of its kind") % {"ordinal": declaration.repeat_ordinal}
        if declaration.repeat_ordinal
        else "",
        declaration.problem_number,
    ]


def _monitoring(declaration: Declaration) -> list[str]:
    told, warned = declaration.communication_rows.filter(STANDING).count(), declaration.warning_rows.count()
    return [
        ngettext("%(count)s contact with the customer", "%(count)s contacts with the customer", told) % {"count": told}
        if told
        else "",
        ngettext("%(count)s warning", "%(count)s warnings", warned) % {"count": warned} if warned else "",
        _("Why it was late: %(reason)s") % {"reason": declaration.breach_reason} if declaration.breach_reason else "",
    ]


def _completion(declaration: Declaration) -> list[str]:
    return [
        _when(_("Confirmed"), declaration.confirmed_at),
        _("by a contact who may not confirm: %(reason)s") % {"reason": declaration.unauthorised_confirmation_reason}
        if declaration.confirmation_authorised is False
        else "",
        _reopened(declaration.reopen_count),
        _when(_("Closed"), declaration.closed_at, declaration.closed_by),
    ]


def _filing(declaration: Declaration) -> list[str]:
    return [
        _when(_("Filed"), declaration.filed_at, declaration.filed_by) or _("Not filed yet"),
        declaration.paper_place,
    ]


def _result(declaration: Declaration) -> list[str]:
    return [
        _when(_("Solved"), declaration.resolved_at),
        _when(_("Due"), declaration.due_at),
        _kept(declaration.resolution_clock),
    ]


def _kept(clock: Clock | None) -> str:
    if clock is None or clock.stopped_at is None:
        return ""
    if clock.met:
        return str(pgettext_lazy("clock", "on time"))
    return _("late by %(span)s") % {"span": duration(clock.stopped_at - clock.due_at)}


FACTS: Mapping[str, Callable[[Declaration], list[str]]] = {
    "5.3": _intake,
    "5.4.1": _acceptance,
    "5.4.2": _screening,
    "5.4.3": _grading,
    "5.4.4": _handling,
    "5.4.5": _escalation,
    "5.4.6": _monitoring,
    "5.4.7": _completion,
    "5.5": _filing,
    "7": _result,
}


def _reopened(times: int) -> str:
    words = ngettext("Opened again %(count)s time", "Opened again %(count)s times", times)
    return words % {"count": times} if times else ""
