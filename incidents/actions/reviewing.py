"""What waits for the auditor, kept where records end and where reviews are signed."""

from __future__ import annotations

from django.db.models import Q

from incidents.models import AwaitsReview, Declaration, Impact
from sla.models import Clock


def await_review(declaration: Declaration) -> None:
    """Put the record among those that wait for a review, inside the step that gives the reason for it."""
    AwaitsReview.objects.get_or_create(declaration=declaration)


def await_review_with_reason(declaration: Declaration) -> None:
    """The same for a record that ends, if anything speaks for it; one statement, two more where something does.

    That an escalation was refused, the escalation room says.
    """
    graded = declaration.priority == 1 or declaration.impact == Impact.SEVERE
    if graded or declaration.reopen_count or declaration.miss_corrected_at or _was_late(declaration):
        await_review(declaration)


def settle_review(declaration: Declaration) -> None:
    """Somebody has signed for it; it waits again when it ends again."""
    AwaitsReview.objects.filter(declaration=declaration).delete()


def _was_late(declaration: Declaration) -> bool:
    clocks = Q(pk__in=[declaration.response_clock_id, declaration.resolution_clock_id])
    return Clock.objects.filter(clocks, met=False).exists()
