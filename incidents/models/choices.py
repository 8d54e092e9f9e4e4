"""The closed sets of values of a declaration; names as in the glossary of the procedure."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Main states of a declaration; `NEW` is the start of the machine and is never stored."""

    NEW = "new", _("New")
    RELAYED = "relayed", _("Waiting for the desk")
    ACCEPTED = "accepted", _("Accepted")
    INVALID = "invalid", _("Ended as invalid")
    SCREENED = "screened", _("To be classified")
    REQUEST_REVIEW = "request_review", _("Service request under review")
    REQUEST_IN_PROGRESS = "request_in_progress", _("Service request in progress")
    REQUEST_DECLINED = "request_declined", _("Service request declined")
    REQUEST_DONE = "request_done", _("Service request done")
    HANDED_OVER = "handed_over", _("Handed over, not received")
    HANDOVER_RECEIVED = "handover_received", _("Hand-over received")
    HANDOVER_DONE = "handover_done", _("Hand-over completed")
    CLASSIFIED = "classified", _("To be handled")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING_CUSTOMER = "waiting_customer", _("Waiting for customer")
    RESOLVED = "resolved", _("Resolved, to be confirmed")
    CLOSED = "closed", _("Closed")
    FILED = "filed", _("Filed")
    WITHDRAWN = "withdrawn", _("Withdrawn by customer")


END_STATES = frozenset(
    {
        State.INVALID,
        State.REQUEST_DECLINED,
        State.REQUEST_DONE,
        State.HANDOVER_DONE,
        State.WITHDRAWN,
        State.FILED,
    }
)
OPEN_STATES = frozenset(State) - END_STATES - {State.NEW, State.CLOSED}
WORKING_STATES = frozenset({State.CLASSIFIED, State.IN_PROGRESS, State.WAITING_CUSTOMER})


class Type(models.TextChoices):
    """What a declaration turned out to be (clauses 3 and 5.4.2)."""

    UNKNOWN = "", _("Not screened yet")
    INCIDENT = "incident", _("Incident")
    SERVICE_REQUEST = "service_request", _("Service request")
    COMPLAINT = "complaint", _("Complaint")
    INFOSEC = "infosec", _("Information security incident")
    INVALID = "invalid", _("Invalid declaration")
    OUT_OF_SCOPE_CUSTOMER = "out_of_scope_customer", _("Customer out of scope")
    OUT_OF_SCOPE_SERVICE = "out_of_scope_service", _("Beyond service scope")


class Channel(models.TextChoices):
    """How the declaration came in (clause 5.3)."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    FAX = "fax", _("Fax")
    MONITORING = "monitoring", _("Monitoring tool")
    MAINTENANCE = "maintenance", _("Routine maintenance")
    OTHER = "other", pgettext_lazy("channel", "Other")


INTERNAL_CHANNELS = frozenset({Channel.MONITORING, Channel.MAINTENANCE})
PAPER_CHANNELS = frozenset({Channel.LETTER, Channel.FAX})
# What came in as a file, which is kept unaltered (R-5.3-2).
WRITTEN_CHANNELS = PAPER_CHANNELS | {Channel.EMAIL}
# The columns that are asked of what came in over some channels only.
OF_PAPER = ("pages", "sender_reference", "received_on", "no_file_reason")
OF_INTERNAL = ("source", "system", "source_ref")
OF_CHANNEL: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(PAPER_CHANNELS, OF_PAPER),
    **dict.fromkeys(INTERNAL_CHANNELS, OF_INTERNAL),
    Channel.EMAIL: ("no_file_reason",),
}


class Way(models.TextChoices):
    """How somebody was spoken to."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    FAX = "fax", _("Fax")
    VISIT = "visit", _("In person")
    CHAT = "chat", _("Chat group")
    LINK = "link", _("Tracking link")
    SIGNED_SCAN = "signed_scan", _("Signed scan")
    OTHER = "other", pgettext_lazy("way", "Other")


# By which somebody can be told something; a tracking link and a signed scan only come back.
TELLING_WAYS = [way for way in Way if way not in (Way.LINK, Way.SIGNED_SCAN)]


# Why a problem has to be requested (5.4.5).
SEVERE_IMPACT = "severe_impact"
REPEAT_THRESHOLD = "repeat_threshold"


class InvalidReason(models.TextChoices):
    """Why a declaration is not a valid one (R-5.4.2-1)."""

    NOT_SERVICE_RELATED = "not_service_related", _("Not related to a service")
    DUPLICATE = "duplicate", _("Duplicate of another declaration")
    TEST = "test", _("Test")
    WITHDRAWN = "withdrawn", _("Withdrawn by the caller")
    OTHER = "other", pgettext_lazy("invalid reason", "Other")


class Impact(models.TextChoices):
    SEVERE = "severe", _("Severe")
    MODERATE = "moderate", _("Moderate")
    MINOR = "minor", _("Minor")


class Urgency(models.TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class SolutionKind(models.TextChoices):
    PERMANENT = "permanent", _("Permanent solution")
    WORKAROUND = "workaround", _("Workaround")


class HandoverKind(models.TextChoices):
    """Which other process receives a declaration (clause 5.4.2)."""

    COMPLAINT = "complaint", _("Complaint")
    INFOSEC = "infosec", _("Information security")
    SALES = "sales", _("Sales")


KIND_OF_TYPE = {
    Type.COMPLAINT: HandoverKind.COMPLAINT,
    Type.INFOSEC: HandoverKind.INFOSEC,
    Type.OUT_OF_SCOPE_CUSTOMER: HandoverKind.SALES,
    Type.OUT_OF_SCOPE_SERVICE: HandoverKind.SALES,
}


class EscalationState(models.TextChoices):
    """What clause 5.4.5 still asks of this declaration; written by the escalation package."""

    NONE = "", _("No escalation")
    REQUIRED = "required", _("Request due")
    REQUESTED = "requested", _("Waiting for the decision")
    DECIDED = "decided", _("Waiting for the countersignature")
    OBJECTED = "objected", _("Objected, to be decided again")
    SETTLED = "settled", _("Settled")
    LAPSED = "lapsed", _("Lapsed with its incident")


UNDECIDED_ESCALATION = frozenset({EscalationState.REQUESTED, EscalationState.OBJECTED})


class Capacity(models.TextChoices):
    """In what capacity a person stands to one declaration."""

    STAFF = "staff", _("Staff")
    DESK = "service_desk", _("Service desk")
    HANDLER = "handler", _("Handler")
    COLLEAGUE = "colleague", _("Another desk of the department")
    HEAD = "department_head", _("Head of department")
    RISK_CONTROL = "risk_control", _("Risk control")
    RECEIVER = "receiver", _("Receiver of the hand-over")
    CUSTODIAN = "custodian", _("Custodian")
    AUDITOR = "auditor", _("Auditor")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    PROBLEM_MANAGER = "problem_manager", _("Problem manager")
    MANAGEMENT = "management", _("Management")
    NEXT_LEVEL = "next_level", _("Level above the head")
    RELAYER = "relayer", _("Relayer")
    CONTACT = "contact", _("Customer's contact")
    INTAKE = "system", _("Intake job")


DESK_OR_HANDLER = frozenset({Capacity.DESK, Capacity.HANDLER})
