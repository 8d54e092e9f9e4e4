"""The table of the figures as a file."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from files.tables import csv_lines, xlsx
from reports.actions import record_export
from reports.asking import answer, form_of
from reports.table import table

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_GET
@login_required
def export(request: DeskRequest, kind: str) -> HttpResponse:
    """The figures of the address as xlsx or csv; filters that cannot be asked lead to the page, which says why."""
    actor = request.actor
    form = form_of(actor, request.GET.dict())
    if kind not in MEDIA_TYPES:
        raise Http404
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('reports')}?{request.GET.urlencode()}")
    found = answer(actor, form)
    record_export(actor=actor, query=request.GET.urlencode(), kind=kind, count=len(found.lines))
    made = table(found, actor=actor)
    name = f"figures-{localtime(found.at):%Y%m%d-%H%M}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    body = xlsx(made) if kind == "xlsx" else "".join(csv_lines(made))
    return HttpResponse(body, content_type=MEDIA_TYPES[kind], headers=headers)
