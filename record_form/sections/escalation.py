"""Section 5: whether it became a problem, and who decided it (clause 5.4.5)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from escalation.models import EscalationRequest
from incidents.models import EscalationState
from record_form.formatting import at, boxes, line, named, text
from record_form.reading import Reading, Verdict
from record_form.structure import FormLine
from record_form.values import Value, value

DECIDED = ((True, pgettext_lazy("form", "approved")), (False, pgettext_lazy("form", "refused")))
COUNTERSIGNED = ((True, pgettext_lazy("form", "countersigned")), (False, pgettext_lazy("form", "objected")))
ENDED = (EscalationState.SETTLED, EscalationState.LAPSED)
UNDECIDED = (EscalationState.REQUIRED, EscalationState.REQUESTED, EscalationState.OBJECTED)


def escalation(reading: Reading) -> dict[int, Value]:
    """Rows 38 to 42; they apply where an escalation is asked for, by rule or by somebody."""
    d = reading.declaration
    applies = d.escalation_state != EscalationState.NONE
    triggers = {request.trigger for request in reading.requests} | set(d.escalation_triggers)
    countersigning = applies and reading.book.parameter("risk_control_mode") != "informed"
    approved = any(request.approved for request in reading.requests)
    raised = approved or any(hasattr(request, "problem") for request in reading.requests)
    return {
        38: value(
            boxes(EscalationRequest.Trigger.choices, triggers) if applies else [], needed=applies, applies=applies
        ),
        39: value(*(_request(reading, each) for each in reading.requests), needed=applies, applies=applies),
        40: value(
            *(_verdict(reading, each) for each in reading.verdicts if each.kind == "decision"),
            needed=applies,
            complete=d.escalation_state not in UNDECIDED,
            applies=applies,
        ),
        41: value(
            *(_verdict(reading, each) for each in reading.verdicts if each.kind != "decision"),
            needed=countersigning,
            complete=d.escalation_state in ENDED or not countersigning,
            applies=applies,
        ),
        42: value(
            *(_problem(reading, each) for each in reading.requests),
            needed=approved,
            complete=all(_is_received(each) for each in reading.requests if each.approved),
            applies=raised,
        ),
    }


def _request(reading: Reading, request: EscalationRequest) -> FormLine:
    lapsed = named(pgettext_lazy("form", "lapsed with its incident"), at(request.lapsed_at))
    return line(reading.person(request.by_id), at(request.at), text(request.reason), lapsed)


def _verdict(reading: Reading, verdict: Verdict) -> FormLine:
    choices = DECIDED if verdict.kind == "decision" else COUNTERSIGNED
    return [
        *boxes(choices, verdict.agrees),
        *line(
            text(verdict.text),
            reading.person(verdict.by_id),
            named(pgettext_lazy("form", "in place of"), reading.person(verdict.on_behalf_of_id)),
            at(verdict.at),
        ),
    ]


def _problem(reading: Reading, request: EscalationRequest) -> FormLine:
    problem = getattr(request, "problem", None)
    if problem is None:
        return []
    return line(
        text(problem.number),
        named(pgettext_lazy("form", "their number"), text(problem.reference)),
        reading.person(problem.acknowledged_by_id),
        at(problem.acknowledged_at),
        named(pgettext_lazy("form", "withdrawn"), at(problem.withdrawn_at)),
        text(problem.withdrawal_reason),
    )


def _is_received(request: EscalationRequest) -> bool:
    problem = getattr(request, "problem", None)
    return problem is not None and problem.acknowledged_at is not None
