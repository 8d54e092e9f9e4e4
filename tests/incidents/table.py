"""The state table of the procedure, written down a second time, by hand: who may do what in which states.

Its rows stand in `tests.verbs`, read against T1 to T27 and E1 to E3 of the procedure; here stand the roles. The code
has its own table in `incidents.models.machine`; a test holds the two together, so a change of one alone fails.
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
from tests.verbs import TABLE
from tests.verbs.example import OPEN

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
    if role == "desk of another customer" and state in HANDLED.split():
        found.add("colleague")
    return found | ({"handler"} if role == "desk" and state in HANDLED.split() else set())
