"""Every write that a person or a job can do to a declaration, one function a verb."""

from incidents.actions.attachments import Upload
from incidents.actions.classification import Grading, classify, reclassify
from incidents.actions.communication import communicate, resume, wait
from incidents.actions.completion import (
    add_annex,
    close,
    confirm,
    quick_solve,
    reject,
    reopen,
    resolve,
    return_for_completion,
    state_breach_reason,
    withdraw,
)
from incidents.actions.handling import (
    answer_report,
    confirm_contract_notes,
    log_handling,
    look_up,
    reassign,
    record_visit,
    report_up,
    start,
    take_over,
    write_plan,
)
from incidents.actions.handovers import complete_handover, receive_handover, return_handover
from incidents.actions.intake import Call, accept, accept_relayed, earlier_call, relay, respond
from incidents.actions.requests import accept_request, complete_request, decline_request, give_opinion
from incidents.actions.screening import (
    Party,
    ScopeAnswers,
    change_type,
    hand_over,
    screen_as_incident,
    screen_as_invalid,
    screen_as_request,
)
from incidents.actions.steps import working

__all__ = [
    "Call",
    "Grading",
    "Party",
    "ScopeAnswers",
    "Upload",
    "accept",
    "accept_relayed",
    "accept_request",
    "add_annex",
    "answer_report",
    "change_type",
    "classify",
    "close",
    "communicate",
    "complete_handover",
    "complete_request",
    "confirm",
    "confirm_contract_notes",
    "decline_request",
    "earlier_call",
    "give_opinion",
    "hand_over",
    "log_handling",
    "look_up",
    "quick_solve",
    "reassign",
    "receive_handover",
    "reclassify",
    "record_visit",
    "reject",
    "relay",
    "reopen",
    "report_up",
    "resolve",
    "respond",
    "resume",
    "return_for_completion",
    "return_handover",
    "screen_as_incident",
    "screen_as_invalid",
    "screen_as_request",
    "start",
    "state_breach_reason",
    "take_over",
    "wait",
    "withdraw",
    "working",
    "write_plan",
]
