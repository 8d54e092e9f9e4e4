"""Findings of one record: corrected by their owner, verified by an auditor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.requests import DeskRequest
from audit import actions
from audit.access import findings
from audit.forms import AuditForm, CorrectForm, VerifyForm
from audit.models import FOLLOWED_UP, Finding, Review
from ledger.exceptions import Refused
from ledger.forms import add_errors

LOOKS = {
    Finding.State.OPEN: ("amber", "alert-triangle"),
    Finding.State.CORRECTED: ("violet", "hourglass"),
    Finding.State.VERIFIED: ("green", "checks"),
}

_WRITTEN = ("cause", "action", "correction")


@require_GET
@login_required
def found(request: DeskRequest, number: str) -> HttpResponse:
    """The findings of a record that the reader may see; 404 if there are none."""
    return _page(request, number)


@require_GET
@login_required
def one(request: DeskRequest, finding_id: int) -> HttpResponse:
    """On to the findings of the record, one of which it is; what is sent below this address can be loaded again."""
    finding = get_object_or_404(findings(request.actor).select_related("review__declaration"), pk=finding_id)
    return redirect("audit-findings", finding.review.declaration.number)


@require_POST
@login_required
def correct(request: DeskRequest, finding_id: int) -> HttpResponse:
    """The owner says what was done."""
    done = _("Your correction is noted; an auditor verifies it.")
    return _act(request, finding_id, CorrectForm(request.POST), actions.correct_finding, done)


@require_POST
@login_required
def verify(request: DeskRequest, finding_id: int) -> HttpResponse:
    """An auditor says whether the correction holds."""
    return _act(request, finding_id, VerifyForm(request.POST), actions.verify_finding, _("Noted."))


def _act(request: DeskRequest, finding_id: int, form: AuditForm, action: Callable[..., Any], done: str) -> HttpResponse:
    visible = findings(request.actor).select_related("review__declaration")
    finding = get_object_or_404(visible, pk=finding_id)
    status = 422
    if form.is_valid():
        try:
            action(finding.pk, actor=request.actor, **form.values())
        except Refused as refused:
            if refused.status == 403:
                raise
            add_errors(form, refused)
            status = refused.status
        else:
            messages.success(request, done)
            return redirect("audit-findings", finding.review.declaration.number)
    return _page(request, finding.review.declaration.number, tried=finding.pk, form=form, status=status)


def _page(
    request: DeskRequest, number: str, *, tried: int = 0, form: AuditForm | None = None, status: int = 200
) -> HttpResponse:
    actor = request.actor
    visible = findings(actor).filter(review__declaration__number=number)
    together = ("review__declaration", "review__auditor", "owner__department", "verified_by")
    rows = [
        _row(finding, actor.user.pk if actor.user else 0, bool(actor.holds(Role.AUDITOR)), tried, form)
        for finding in visible.select_related(*together).order_by("pk")
    ]
    if not rows:
        raise Http404
    context = {"rows": rows, "review": rows[0]["finding"].review, "is_auditor": bool(actor.holds(Role.AUDITOR))}
    return render(request, "audit/findings.html", context, status=status)


def _row(finding: Finding, reader: int, is_auditor: bool, tried: int, form: AuditForm | None) -> dict[str, Any]:
    mine = finding.owner_id == reader
    review = finding.review
    correcting = mine and review.state == Review.State.FINDING and finding.state == Finding.State.OPEN
    verifying = is_auditor and not mine and review.state in FOLLOWED_UP and finding.state == Finding.State.CORRECTED
    kind = CorrectForm if correcting else VerifyForm if verifying else None
    shown: AuditForm | None = None
    if kind is not None:
        written = {name: getattr(finding, name) for name in _WRITTEN} if correcting else {}
        blank = kind(initial={"version": review.version, **written}, auto_id=f"finding_{finding.pk}_%s")
        shown = form if form is not None and tried == finding.pk else blank
    return {
        "finding": finding,
        "mark": (Finding.State(finding.state).label, *LOOKS[Finding.State(finding.state)]),
        "correcting": shown if correcting else None,
        "verifying": shown if verifying else None,
    }
