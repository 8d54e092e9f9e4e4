"""Every write that a person or a job can do to a declaration, one function a verb.

Two more verbs, `withdraw` and `change_type`, are offered by the escalation room, which ends its own part with them.
"""

from incidents.actions.agreeing import Agreement, confirm_and_close, solving_with_agreement
from incidents.actions.annexes import add_annex, return_for_completion
from incidents.actions.attachments import Upload
from incidents.actions.callers import enter_caller, tie_contact
from incidents.actions.calls import Call, original_lacks
from incidents.actions.classification import Grading, classify, reclassify
from incidents.actions.closing import close, reject, reopen
from incidents.actions.communication import communicate
from incidents.actions.confirmation import confirm
from incidents.actions.corrections import CORRECTABLE, correct
from incidents.actions.entering import typed_caller
from incidents.actions.first_contact import Consultation, solve_in_first_contact
from incidents.actions.handlers import reassign, take_on
from incidents.actions.handling import (
    confirm_contract_notes,
    log_handling,
    look_up,
    record_departure,
    record_visit,
    start,
    write_plan,
)
from incidents.actions.handovers import complete_handover, hand_over, receive_handover, return_handover
from incidents.actions.informing import communicate_and_handle
from incidents.actions.intake import accept, accept_relayed, earlier_call, relay
from incidents.actions.keys import KEY
from incidents.actions.leaving import hand_on_receipt, hand_on_record
from incidents.actions.merging import hand_on_to_contact, hand_on_to_customer
from incidents.actions.reminders import remind, unremind
from incidents.actions.reports import answer_report, report_up, take_over
from incidents.actions.requests import accept_request, complete_request, decline_request, give_opinion
from incidents.actions.responses import respond
from incidents.actions.scope import Party, ScopeAnswers
from incidents.actions.screening import screen_as_incident, screen_as_invalid, screen_as_request
from incidents.actions.solving import quick_solve, resolve, state_breach_reason
from incidents.actions.steps import require_entitled_recorded, working
from incidents.actions.striking import strike_out
from incidents.actions.twins import record_security_twin
from incidents.actions.waiting import resume, wait
from incidents.actions.watching import key_of_marked, unwatch, watch, watchers_of

__all__ = [
    "CORRECTABLE",
    "KEY",
    "Agreement",
    "Call",
    "Consultation",
    "Grading",
    "Party",
    "ScopeAnswers",
    "Upload",
    "accept",
    "accept_relayed",
    "accept_request",
    "add_annex",
    "answer_report",
    "classify",
    "close",
    "communicate",
    "communicate_and_handle",
    "complete_handover",
    "complete_request",
    "confirm",
    "confirm_and_close",
    "confirm_contract_notes",
    "correct",
    "decline_request",
    "earlier_call",
    "enter_caller",
    "give_opinion",
    "hand_on_receipt",
    "hand_on_record",
    "hand_on_to_contact",
    "hand_on_to_customer",
    "hand_over",
    "key_of_marked",
    "log_handling",
    "look_up",
    "original_lacks",
    "quick_solve",
    "reassign",
    "receive_handover",
    "reclassify",
    "record_departure",
    "record_security_twin",
    "record_visit",
    "reject",
    "relay",
    "remind",
    "reopen",
    "report_up",
    "require_entitled_recorded",
    "resolve",
    "respond",
    "resume",
    "return_for_completion",
    "return_handover",
    "screen_as_incident",
    "screen_as_invalid",
    "screen_as_request",
    "solve_in_first_contact",
    "solving_with_agreement",
    "start",
    "state_breach_reason",
    "strike_out",
    "take_on",
    "take_over",
    "tie_contact",
    "typed_caller",
    "unremind",
    "unwatch",
    "wait",
    "watch",
    "watchers_of",
    "working",
    "write_plan",
]
