"""The kinds of events by which people and departments choose what reaches them, and how."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    WARNING = "warning", _("Warnings and overdue steps")
    DECISION = "decision", _("Decisions and reports")
    HANDOVER = "handover", _("Relayed calls, hand-overs and problems")
    RECORD = "record", _("News of my records")
    AUDIT = "audit", _("Reviews and findings")
    OPERATION = "operation", _("Messages that could not be delivered")


_BEGINNINGS = {
    "warning": Kind.WARNING,
    "overdue": Kind.WARNING,
    "calendar": Kind.WARNING,
    "contract": Kind.WARNING,
    "vacancy": Kind.WARNING,
    "proof": Kind.WARNING,
    "absence": Kind.HANDOVER,
    "deadline": Kind.WARNING,
    "unanswered": Kind.WARNING,
    "escalation": Kind.DECISION,
    "request": Kind.DECISION,
    "report": Kind.DECISION,
    "handover": Kind.HANDOVER,
    "problem": Kind.HANDOVER,
    "relay": Kind.HANDOVER,
    "finding": Kind.AUDIT,
    "review": Kind.AUDIT,
    "delivery": Kind.OPERATION,
}


def kind_of(event: str) -> Kind:
    """The kind of an event by the first part of its key; what is not listed is news of a record."""
    return _BEGINNINGS.get(event.partition(".")[0], Kind.RECORD)
