"""The verbs of a declaration as pages and API offer them: each with its form and its action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from incidents import actions
from incidents.forms import NothingToFill, VerbForm, handling, intake
from incidents.models import Move, moves


@dataclass(frozen=True)
class Verb:
    """A verb with its form and action; the action is called with (id, version=…, actor=…, **form.values()).

    `version_of` says whose version the caller must show: the declaration's, or that of the escalation request.
    With `leads_on` the action returns another declaration, to which the page goes on.
    One that takes several steps in one transaction is judged by the move that `opens` it, and has a name of its own.
    """

    name: str
    form: type[VerbForm]
    action: Callable[..., Any]
    version_of: str = "declaration"
    opens: str = ""
    named: str | Promise = ""
    leads_on: bool = False

    @property
    def move(self) -> Move:
        return moves()[self.opens or self.name]

    @property
    def label(self) -> str | Promise:
        return self.named or self.move.label


def _add_annex(declaration_id: int, *, version: int | None, **values: Any) -> Any:
    """An annex changes nothing on the record, so it needs no version of it."""
    return actions.add_annex(declaration_id, **values)


VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("accept", NothingToFill, actions.accept_relayed),
        Verb("respond", intake.RespondForm, actions.respond),
        Verb("screen_as_invalid", intake.InvalidForm, actions.screen_as_invalid),
        Verb("screen_as_incident", intake.IncidentForm, actions.screen_as_incident),
        Verb("screen_as_request", intake.RequestForm, actions.screen_as_request),
        Verb("hand_over", intake.HandOverForm, actions.hand_over),
        Verb("record_security_twin", intake.SecurityTwinForm, actions.record_security_twin, leads_on=True),
        Verb("give_opinion", intake.OpinionForm, actions.give_opinion),
        Verb("accept_request", intake.ReasonForm, actions.accept_request),
        Verb("decline_request", intake.ReasonForm, actions.decline_request),
        Verb("complete_request", intake.CompleteRequestForm, actions.complete_request),
        Verb("receive_handover", NothingToFill, actions.receive_handover),
        Verb("return_handover", intake.ReasonForm, actions.return_handover),
        Verb("complete_handover", intake.CompleteHandoverForm, actions.complete_handover),
        Verb("classify", handling.ClassifyForm, actions.classify),
        Verb("reclassify", handling.ReclassifyForm, actions.reclassify),
        Verb("reassign", handling.ReassignForm, actions.reassign),
        Verb("confirm_contract_notes", NothingToFill, actions.confirm_contract_notes),
        Verb("look_up", handling.LookUpForm, actions.look_up),
        Verb("start", NothingToFill, actions.start),
        Verb("write_plan", handling.PlanForm, actions.write_plan),
        Verb("log_handling", handling.HandlingStepForm, actions.log_handling),
        Verb("record_visit", handling.VisitForm, actions.record_visit),
        Verb("record_departure", handling.DepartureForm, actions.record_departure),
        Verb("report_up", handling.ReportUpForm, actions.report_up),
        Verb("answer_report", handling.AnswerForm, actions.answer_report),
        Verb("take_over", handling.AnswerForm, actions.take_over),
        Verb("wait", handling.WaitForm, actions.wait),
        Verb("resume", handling.ResumeForm, actions.resume),
        Verb("communicate", handling.CommunicateForm, actions.communicate),
        Verb("state_breach_reason", handling.BreachReasonForm, actions.state_breach_reason),
        Verb("resolve", handling.ResolveForm, actions.resolve),
        Verb("quick_solve", handling.QuickSolveForm, actions.quick_solve),
        Verb("confirm", handling.ConfirmForm, actions.confirm),
        Verb("reject", handling.RejectForm, actions.reject),
        Verb("close", NothingToFill, actions.close),
        Verb("reopen", intake.ReasonForm, actions.reopen),
        Verb("return_for_completion", handling.MissingForm, actions.return_for_completion),
        Verb("add_annex", handling.AnnexForm, _add_annex),
    )
}

# Several moves in one form and one transaction; no moves of their own.
COMPOSED: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb(
            "solve_in_first_contact",
            handling.FirstContactForm,
            actions.solve_in_first_contact,
            opens="classify",
            named=pgettext_lazy("verb", "Solve in the first contact"),
        ),
    )
}
