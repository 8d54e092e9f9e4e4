"""What waits for one person, who leaves."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import User
from incidents.models import OPEN_STATES, Declaration, Handover


def named_on(person: User) -> QuerySet[Declaration]:
    """The open records that the person handles or serves as desk, by the indexes of both."""
    return Declaration.objects.filter(Q(handler=person) | Q(desk=person), state__in=sorted(OPEN_STATES)).order_by("pk")


def sent_to(person: User) -> QuerySet[Handover]:
    """The hand-overs that the person has neither returned nor completed, by `handover_receiver`."""
    return Handover.objects.filter(receiver=person, returned_at=None, completed_at=None).order_by("pk")
