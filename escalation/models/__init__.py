"""Warnings, escalation requests, problems."""

from escalation.models.recounts import Recount
from escalation.models.requests import Countersignature, Decision, EscalationRequest, Problem
from escalation.models.warnings import (
    Acknowledgement,
    Climb,
    HeldWarning,
    Unanswered,
    Warning,
    WarningRecipient,
)

__all__ = [
    "Acknowledgement",
    "Climb",
    "Countersignature",
    "Decision",
    "EscalationRequest",
    "HeldWarning",
    "Problem",
    "Recount",
    "Unanswered",
    "Warning",
    "WarningRecipient",
]
