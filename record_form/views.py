"""The form of one declaration: as a page that prints on A4, and as PDF (R-5.5-1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.acting import Actor
from config.clock import now
from incidents.access import declaration_for_reading
from incidents.models import Declaration
from record_form.actions import record_print
from record_form.layout import Sheet, sheet
from record_form.models import FiledForm
from record_form.pdf import render_pdf
from record_form.queries import form_of, head_of
from record_form.structure import ReviewSheet

ReviewOf = Callable[[Declaration], ReviewSheet | None]


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
    """The form in the reader's language, written into the print log; 404 for what the reader may not see."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        declaration = declaration_for_reading(actor, number)
    except Declaration.DoesNotExist:
        raise Http404
    head = head_of(declaration)
    form, filed = form_of(declaration, review=review_of(declaration), ledger_head=head)
    record_print(declaration, actor=actor, form=form, medium=medium)
    shown = sheet(
        form,
        printed_by=actor.user.get_full_name() if actor.user else "",
        printed_at=printed_at,
        ledger_head=head,
        is_intact=filed is None or filed.is_intact,
    )
    return shown, filed
