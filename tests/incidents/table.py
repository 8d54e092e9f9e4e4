"""The state table of the procedure, written down a second time, by hand: who may do what in which states.

Read against `domain` T1 to T27 and E1 to E3. The code has its own table in `incidents.models.machine`; a test
holds the two together, so a change of one alone fails.
"""

from tests.firm import (
    ADMINISTRATOR,
    CHEN_HEAD,
    FENG_AUDITOR,
    GAO_MANAGEMENT,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    WANG_DESK,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    ZHOU_HEAD,
)

WORKING = "classified in_progress waiting_customer"
OPEN = (
    "relayed accepted screened request_review request_in_progress handed_over handover_received "
    "classified in_progress waiting_customer resolved"
)
AFTER_RELAY = OPEN.replace("relayed ", "")

# verb: (who, in which states)
TABLE: dict[str, tuple[str, str]] = {
    "relay": ("staff", "new"),
    "accept": ("desk system", "new relayed"),
    "join_alarm": ("desk system", OPEN),
    "respond": ("desk handler relayer", OPEN.replace(" resolved", "")),
    "screen_as_invalid": ("desk", "accepted"),
    "screen_as_incident": ("desk", "accepted"),
    "screen_as_request": ("desk", "accepted"),
    "hand_over": ("desk", "accepted"),
    "change_type": (
        "desk",
        "accepted screened classified in_progress waiting_customer request_review request_in_progress resolved",
    ),
    "record_security_twin": ("desk", "screened classified in_progress waiting_customer resolved"),
    "give_opinion": ("head risk_control", "request_review"),
    "accept_request": ("head", "request_review"),
    "decline_request": ("head", "request_review"),
    "complete_request": ("head", "request_in_progress"),
    "receive_handover": ("receiver", "handed_over"),
    "return_handover": ("receiver", "handed_over"),
    "complete_handover": ("receiver", "handover_received"),
    "classify": ("desk", "screened"),
    "reclassify": ("desk head", WORKING),
    "reassign": ("desk head", f"screened {WORKING}"),
    "confirm_contract_notes": ("desk handler", WORKING),
    "look_up": ("desk handler", WORKING),
    "start": ("handler", "classified"),
    "write_plan": ("desk handler", WORKING),
    "log_handling": ("desk handler", "in_progress waiting_customer"),
    "record_visit": ("desk handler", "in_progress waiting_customer resolved"),
    "record_departure": ("desk handler", "in_progress waiting_customer resolved"),
    "report_up": ("desk", "classified in_progress"),
    "answer_report": ("head", "classified in_progress"),
    "take_over": ("head", "classified in_progress"),
    "wait": ("handler", "in_progress"),
    "resume": ("handler", "waiting_customer"),
    "communicate": ("desk handler", AFTER_RELAY),
    "warn": ("desk handler", WORKING),
    "state_breach_reason": ("desk handler", f"{WORKING} resolved"),
    "request_escalation": ("desk", f"{WORKING} resolved"),
    "decide_escalation": ("head next_level", f"{WORKING} resolved"),
    "countersign": ("risk_control", f"{WORKING} resolved"),
    "resolve": ("desk handler", "in_progress waiting_customer"),
    "quick_solve": ("desk", "classified"),
    "confirm": ("desk contact", "resolved"),
    "reject": ("desk contact", "resolved"),
    "close": ("desk", "resolved"),
    "reopen": ("desk", "closed"),
    "file": ("custodian", "closed"),
    "return_for_completion": ("custodian", "closed"),
    "add_annex": ("desk custodian", "closed filed"),
    "withdraw": ("desk", AFTER_RELAY),
}

ENDED = "invalid request_declined request_done handover_done withdrawn filed"
STATES = f"{OPEN} closed {ENDED}".split()
EVERYWHERE = " ".join(STATES)

# role: (employee number or contact, what the role is to the record, the states in which it sees it)
ROLES: dict[str, tuple[str, str, str]] = {
    "desk": (LIU_DESK, "desk staff", EVERYWHERE),
    "desk of another customer": (WANG_DESK, "staff", EVERYWHERE),
    "desk of another department": (ZHAO_DESK, "staff", ""),
    "handler": (WANG_DESK, "handler staff", EVERYWHERE),
    "head": (CHEN_HEAD, "head staff", EVERYWHERE),
    "head of another department": (LIN_HEAD, "staff", ""),
    "risk control": (HE_RISK, "risk_control staff", "request_review request_in_progress request_declined request_done"),
    "custodian, who relayed one": (ZHENG_CUSTODIAN, "custodian relayer staff", f"relayed closed {ENDED}"),
    "auditor": (FENG_AUDITOR, "staff", f"closed {ENDED}"),
    "receiver": (XU_SALES, "receiver staff", "handed_over handover_received handover_done"),
    "problem manager": (ZHOU_HEAD, "staff", ""),
    "management": (GAO_MANAGEMENT, "staff", ""),
    "other staff": (ADMINISTRATOR, "staff", ""),
    "contact": (TANG_BANK_B, "contact", EVERYWHERE),
    "contact of another customer": (SHEN_BANK_A, "", ""),
}


HANDLED = "classified in_progress waiting_customer resolved closed filed"


def members_of_staff() -> list[str]:
    """The roles that can sign in and see records as they are; the handler is lent one only in a table of its own."""
    return [role for role, (who, *_) in ROLES.items() if who.startswith("S") and role not in ("handler", "other staff")]


def answered_to_a_bare_request(role: str, state: str, verb: str) -> int:
    """The status for a request without values: without a version where the verb is possible, with one where it is not.

    404 if the role does not see the record, 403 if it is not entitled, 428 if it is and may, 409 if the state forbids.
    """
    who, states = TABLE[verb]
    if state not in ROLES[role][2].split():
        return 404
    if _standings(role, state).isdisjoint(who.split()):
        return 403
    return 428 if state in states.split() else 409


def _standings(role: str, state: str) -> set[str]:
    found = set(ROLES[role][1].split())
    if state != "relayed":
        found.discard("relayer")
    if state not in f"closed {ENDED}".split():
        found.discard("custodian")
    return found | ({"handler"} if role == "desk" and state in HANDLED.split() else set())
