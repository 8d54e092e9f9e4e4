"""The record page, and the files that lie with a record."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from desk.live.marks import watch
from desk.own.queries import marks_on
from desk.record.own_actions import own_actions
from desk.record.page import page
from desk.record.timeline.lines import FILTERS, days
from desk.step_address import step_address
from files.responses import SHOWN, download, show
from incidents.access import declaration_for_reading
from incidents.models import Attachment
from record_form.verbs import STEPS


@require_GET
@login_required
def record(request: DeskRequest, number: str) -> HttpResponse:
    """One record; `do` names a step to open, `line` is the filter of the time line."""
    wanted = request.GET.get("do", "")
    if wanted in STEPS:
        return HttpResponseRedirect(step_address(number, wanted))
    declaration = declaration_for_reading(request.actor, number)
    line_filter = request.GET.get("line", "")
    line_filter = line_filter if line_filter in FILTERS else ""
    watch(request, record=declaration.pk, moments=(declaration.shown_due_at,))
    shown = page(request.actor, declaration, line_filter=line_filter)
    address, marks = reverse("record", args=[number]), marks_on(request.actor, declaration)
    context = {
        "page": shown,
        "step_bar": shown.bar,
        "declaration": declaration,
        "days": days(shown.lines),
        "marks": marks,
        "own_actions": own_actions(declaration, marks),
        "filters": [
            {
                "label": label,
                "url": f"{address}?line={key}#timeline" if key else f"{address}#timeline",
                "current": key == line_filter,
                "count": None,
            }
            for key, label in FILTERS.items()
        ],
    }
    return render(request, "desk/record/record.html", context)


@require_GET
@login_required
def attachment(request: DeskRequest, number: str, key: int) -> HttpResponseBase:
    """A file of the record, for whoever may see the record."""
    found = _attachment(request, number, key)
    return download(found.file, found.name)


@require_GET
@login_required
def preview(request: DeskRequest, number: str, key: int) -> HttpResponseBase:
    """A picture or a PDF of the record, to be looked at; all else is only handed out."""
    found = _attachment(request, number, key)
    if found.file.media_type not in SHOWN:
        raise Http404
    return show(found.file, found.name)


def _attachment(request: DeskRequest, number: str, key: int) -> Attachment:
    declaration = declaration_for_reading(request.actor, number)
    found = declaration.attachment_rows.filter(pk=key).select_related("file").first()
    if found is None:
        raise Http404
    return found


@require_GET
@login_required
def annex(request: DeskRequest, number: str, key: int) -> HttpResponseBase:
    """The file of an annex, for whoever may see the record."""
    declaration = declaration_for_reading(request.actor, number)
    found = declaration.annex_rows.filter(pk=key).select_related("file").first()
    if found is None or found.file is None:
        raise Http404
    return download(found.file, found.name)
