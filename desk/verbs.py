"""Every verb that has a page: its form and action, the word on its button, and what is said once it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escalation.models import EscalationRequest
from incidents.models import Declaration
from incidents.verbs import Verb

SCREENING = ("screen_as_incident", "screen_as_request", "hand_over", "screen_as_invalid")
# Done by the press of the button in the action bar; all others open their form first.
AT_ONCE = frozenset({"accept", "start", "receive_handover"})
# They only add a row, so saving on top of somebody else's change loses nothing.
ADDING = frozenset({"respond", "communicate", "log_handling", "record_visit", "record_departure", "warn", "add_annex"})
KEYS: Mapping[str, str] = {"communicate": "C", "log_handling": "A"}


@dataclass(frozen=True)
class Face:
    """How a verb looks: its icon, the word on the button that carries it out, and the sentence afterwards."""

    icon: str
    button: Promise
    done: Promise
    hint: Promise | str = ""


FACES: Mapping[str, Face] = {
    "accept": Face("phone-incoming", pgettext_lazy("button", "Accept"), _("Accepted; the desk has it now")),
    "respond": Face(
        "phone-outgoing", pgettext_lazy("button", "Record the response"), _("The first response is recorded")
    ),
    "screen_as_invalid": Face(
        "circle-minus", pgettext_lazy("button", "End as invalid"), _("Ended as invalid"), _("The record ends here.")
    ),
    "screen_as_incident": Face(
        "filter", pgettext_lazy("button", "Incident: on to classification"), _("Screened as an incident")
    ),
    "screen_as_request": Face(
        "message-plus",
        pgettext_lazy("button", "Pass on to head and risk control"),
        _("Passed on to the head and risk control"),
    ),
    "hand_over": Face("arrow-forward-up", pgettext_lazy("button", "Hand over"), _("Handed over; the receiver signs")),
    "change_type": Face(
        "refresh",
        pgettext_lazy("button", "Back to screening"),
        _("Back at screening; the clocks keep their start"),
        _("The record goes back to screening; what was recorded stays, and the clocks keep their start."),
    ),
    "record_security_twin": Face(
        "shield-lock",
        pgettext_lazy("button", "Record it apart"),
        _("Recorded as a declaration of its own; answer the caller and hand it over"),
        _("It gets its own number and clocks, and only desk, security officer, head and auditors read it."),
    ),
    "give_opinion": Face("message-plus", pgettext_lazy("button", "Give this opinion"), _("Your opinion is recorded")),
    "accept_request": Face("check", pgettext_lazy("button", "Accept the request"), _("The request is accepted")),
    "decline_request": Face("ban", pgettext_lazy("button", "Decline the request"), _("The request is declined")),
    "complete_request": Face("checks", pgettext_lazy("button", "Complete"), _("The request is completed")),
    "receive_handover": Face("signature", pgettext_lazy("button", "Sign for receipt"), _("Signed for")),
    "return_handover": Face("arrow-back-up", pgettext_lazy("button", "Return to the desk"), _("Returned to the desk")),
    "complete_handover": Face("checks", pgettext_lazy("button", "Complete"), _("The hand-over is completed")),
    "classify": Face("check", pgettext_lazy("button", "Set the level"), _("Classified")),
    "reclassify": Face("check", pgettext_lazy("button", "Set the level"), _("Classified again")),
    "reassign": Face("user-share", pgettext_lazy("button", "Reassign"), _("Reassigned")),
    "confirm_contract_notes": Face(
        "file-check", pgettext_lazy("button", "Read and confirmed"), _("The contract's notes are confirmed")
    ),
    "look_up": Face("book-2", pgettext_lazy("button", "None fits"), _("The look-up is recorded")),
    "start": Face("player-play", pgettext_lazy("button", "Start handling"), _("Handling has started")),
    "write_plan": Face("clipboard-text", pgettext_lazy("button", "Save the plan"), _("The plan is saved")),
    "log_handling": Face("tools", pgettext_lazy("button", "Record the step"), _("The step is recorded")),
    "record_visit": Face("map-pin", pgettext_lazy("button", "Record the visit"), _("The visit is recorded")),
    "record_departure": Face(
        "logout",
        pgettext_lazy("button", "Record the departure"),
        _("The departure is recorded"),
        _("The time stays as it is recorded; it is added once."),
    ),
    "report_up": Face("message-report", pgettext_lazy("button", "Report to the head"), _("Reported to the head")),
    "answer_report": Face("message-circle", pgettext_lazy("button", "Answer the desk"), _("The desk has your answer")),
    "take_over": Face(
        "user-check",
        pgettext_lazy("button", "Take over"),
        _("You handle it now"),
        _("You become the handler; the desk keeps the contact with the customer and the form."),
    ),
    "wait": Face("hourglass", pgettext_lazy("button", "Wait for the customer"), _("Waiting for the customer")),
    "resume": Face("player-play", pgettext_lazy("button", "Go on handling"), _("Handling goes on")),
    "communicate": Face("phone-outgoing", pgettext_lazy("button", "Record the contact"), _("The contact is recorded")),
    "warn": Face("speakerphone", pgettext_lazy("button", "Send the warning"), _("The warning is sent")),
    "state_breach_reason": Face(
        "clock-exclamation", pgettext_lazy("button", "Record the cause"), _("The cause is recorded")
    ),
    "resolve": Face("check", pgettext_lazy("button", "Resolved"), _("Resolved; the customer confirms next")),
    "quick_solve": Face("bolt", pgettext_lazy("button", "Solved at once"), _("Solved; the customer confirms next")),
    "solve_in_first_contact": Face(
        "bolt",
        pgettext_lazy("button", "Solved at once"),
        _("Solved; the customer confirms next"),
        _("Classification, look-up, solution and telling are recorded one by one, in one go."),
    ),
    "confirm": Face(
        "message-check", pgettext_lazy("button", "Record the confirmation"), _("The confirmation is recorded")
    ),
    "reject": Face("repeat", pgettext_lazy("button", "Not solved: go on"), _("Handling goes on, by the same clock")),
    "close": Face("circle-check", pgettext_lazy("button", "Close"), _("Closed; the custodian files it")),
    "reopen": Face("lock-open", pgettext_lazy("button", "Reopen"), _("Opened again, by the same clock")),
    "return_for_completion": Face(
        "arrow-back-up", pgettext_lazy("button", "Send back for completion"), _("Sent back for completion")
    ),
    "add_annex": Face("paperclip", pgettext_lazy("button", "Add the annex"), _("The annex is added")),
    "withdraw": Face(
        "arrow-back-up",
        pgettext_lazy("button", "Withdrawn by the customer"),
        _("Ended as withdrawn by the customer"),
        _("The record ends here and its clocks stop."),
    ),
    "request_escalation": Face(
        "bug", pgettext_lazy("button", "Request the escalation"), _("Requested; the head decides")
    ),
    "decide_escalation": Face("rubber-stamp", pgettext_lazy("button", "Decide"), _("Your decision is recorded")),
    "countersign": Face("signature", pgettext_lazy("button", "Countersign"), _("Your opinion is recorded")),
    "file": Face(
        "archive",
        pgettext_lazy("button", "File"),
        _("Filed; it can no longer be changed"),
        _("The form is frozen with its check code; afterwards only annexes can be added."),
    ),
}


def version_of(declaration: Declaration, verb: Verb) -> int:
    """The version that a form of this verb shows: that of the record, or of its last escalation request."""
    if verb.version_of == "declaration":
        return declaration.version
    requests = EscalationRequest.objects.filter(declaration=declaration).order_by("-pk")
    return requests.values_list("version", flat=True).first() or 0
