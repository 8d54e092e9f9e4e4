"""Working calendars: the list."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sla import queries, wording
from sla.access import to_read_calendars


@require_GET
@login_required
def calendars(request: HttpRequest) -> HttpResponse:
    """Every calendar with its week; one statement beside those of the frame."""
    to_read_calendars(request.actor)  # type: ignore[attr-defined]
    rows = [(each, wording.week(queries.working_calendar(each))) for each in queries.calendars()]
    return render(request, "sla/calendars.html", {"rows": rows})
