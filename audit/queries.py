"""What has to be reviewed and why, and what section 9 of the form prints."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from audit.models import Review
from incidents.models import END_STATES, Declaration, Impact, State

REVIEWED_CLAUSES = ("5.3", "5.4.1", "5.4.2", "5.4.3", "5.4.4", "5.4.5", "5.4.6", "5.4.7", "5.5", "7")
REVIEWABLE = sorted(END_STATES | {State.CLOSED})


def obligatory_reasons(declaration: Declaration) -> list[str]:
    """Why a person must review this record (A-25); empty when only the sample can draw it. At most two queries."""
    resolution, response = declaration.resolution_clock, declaration.response_clock
    found = {
        "level_1": declaration.priority == 1,
        "breached": resolution is not None and resolution.met is False,
        "breached_response": response is not None and response.met is False,
        "severe": declaration.impact == Impact.SEVERE,
        "reopened": declaration.reopen_count > 0,
        "escalation_refused": _was_refused(declaration),
    }
    return [reason for reason, holds in found.items() if holds]


def _was_refused(declaration: Declaration) -> bool:
    if declaration.escalation_state == "":
        return False
    return any(request.approved is False for request in declaration.escalationrequest_rows.all())


def waiting_for_review() -> QuerySet[Declaration]:
    """Closed and ended records that must be reviewed and have no signed review; oldest closing first."""
    must = (
        Q(priority=1)
        | Q(impact=Impact.SEVERE)
        | Q(reopen_count__gt=0)
        | Q(resolution_clock__met=False)
        | Q(response_clock__met=False)
        | Q(escalationrequest_rows__approved=False)
    )
    signed = Review.objects.exclude(signed_at=None).values("declaration")
    return (
        Declaration.objects.filter(must, state__in=REVIEWABLE)
        .exclude(pk__in=signed)
        .order_by("closed_at", "pk")
        .distinct()
    )


def section_nine(declaration: Declaration) -> list[dict[str, Any]]:
    """Every signed review of the record as plain data for section 9 of the form; three queries."""
    reviews = (
        Review.objects.filter(declaration=declaration, signed_at__isnull=False)
        .select_related("auditor")
        .prefetch_related("conclusions", "findings__owner", "findings__verified_by")
        .order_by("signed_at")
    )
    return [_as_data(review) for review in reviews]


def _as_data(review: Review) -> dict[str, Any]:
    return {
        "auditor": review.auditor.name,
        "signed_at": review.signed_at,
        "result": review.state,
        "note": review.note,
        "conclusions": [
            {"clause": row.clause, "conclusion": row.conclusion, "note": row.note}
            for row in sorted(review.conclusions.all(), key=lambda row: row.pk)
        ],
        "findings": [
            {
                "clause": row.clause,
                "text": row.text,
                "cause": row.cause,
                "action": row.action,
                "owner": row.owner.name,
                "due": row.due,
                "state": row.state,
                "correction": row.correction,
                "verified_by": row.verified_by.name if row.verified_by else "",
                "verified_at": row.verified_at,
            }
            for row in sorted(review.findings.all(), key=lambda row: row.pk)
        ],
    }
