"""Warnings, escalation requests, problems."""

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
    "Unanswered",
    "Warning",
    "WarningRecipient",
]
