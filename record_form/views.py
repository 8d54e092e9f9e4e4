"""The form of one declaration: as a page that prints on A4, and as PDF (R-5.5-1)."""

from __future__ import annotations

from typing import Literal

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from base.clock import now
from incidents.models import Declaration
from record_form.printing import Print, ReviewOf, printed
from ui.prefetching import refuses_prefetch


@require_GET
@refuses_prefetch
@login_required
def form_page(request: DeskRequest, number: str, review_of: ReviewOf) -> HttpResponse:
    """The print view."""
    taken = _taken(request, number, review_of, "page")
    context = {"sheet": taken.sheet, "filed": taken.filed, "without_glyph": taken.without_glyph}
    return render(request, "record_form/print.html", context)


@require_GET
@refuses_prefetch
@login_required
def form_pdf(request: DeskRequest, number: str, review_of: ReviewOf) -> HttpResponse:
    """The same as PDF, shown in the browser."""
    taken = _taken(request, number, review_of, "pdf")
    disposition = f'inline; filename="{taken.sheet.frame.number}.pdf"'
    return HttpResponse(taken.pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _taken(request: DeskRequest, number: str, review_of: ReviewOf, medium: Literal["page", "pdf"]) -> Print:
    """404 for what the reader may not see."""
    actor = request.actor
    try:
        return printed(actor, number, review_of, now(), medium)
    except Declaration.DoesNotExist:
        raise Http404
