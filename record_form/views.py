"""The form of one declaration: as a page that prints on A4, and as PDF (R-5.5-1)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.acting import Actor
from config.clock import now
from incidents.models import Declaration
from record_form.layout import Sheet
from record_form.models import FiledForm
from record_form.pdf import render_pdf
from record_form.printing import ReviewOf, printed


@require_GET
@login_required
def form_page(request: HttpRequest, number: str, review_of: ReviewOf) -> HttpResponse:
    """The print view."""
    shown, filed = _printed(request, number, review_of, now(), "page")
    return render(request, "record_form/print.html", {"sheet": shown, "filed": filed})


@require_GET
@login_required
def form_pdf(request: HttpRequest, number: str, review_of: ReviewOf) -> HttpResponse:
    """The same as PDF, shown in the browser."""
    printed_at = now()
    shown, _filed = _printed(request, number, review_of, printed_at, "pdf")
    disposition = f'inline; filename="{shown.frame.number}.pdf"'
    pdf = render_pdf(shown, printed_at=printed_at)
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _printed(
    request: HttpRequest, number: str, review_of: ReviewOf, printed_at: datetime, medium: Literal["page", "pdf"]
) -> tuple[Sheet, FiledForm | None]:
    """404 for what the reader may not see."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        return printed(actor, number, review_of, printed_at, medium)
    except Declaration.DoesNotExist:
        raise Http404
