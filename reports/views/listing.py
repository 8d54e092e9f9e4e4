"""The records that a figure counts, as far as the reader may open them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from base.forms import choices_of
from incidents.models import Declaration, Type
from reports.asking import form_of
from reports.figures import Figure
from reports.forms import FiguresForm
from reports.queries.records import MOST, UNSOLVED, RecordsPage, RecordsPart, page
from reports.views import addresses
from reports.words import DEFINITIONS, NAMES, PARTS
from sla.queries import time_left


@require_GET
@login_required
def records(request: DeskRequest) -> HttpResponse:
    """One page of 25; filters that cannot be asked lead to the figures, which say why."""
    actor = request.actor
    form = form_of(actor, request.GET.dict())
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('reports')}?{request.GET.urlencode()}")
    figure, part = _chosen(request.GET.get("figure", ""), request.GET.get("part", ""))
    found = page(actor, figure, part, form.asked, form.at, request.GET.get("cursor", ""))
    query = addresses.asked_for(form)
    key = RecordsPart.OVERDUE if part in UNSOLVED else figure
    context = {
        "name": NAMES[key],
        "definition": DEFINITIONS[key],
        "part": PARTS[figure][part],
        "tabs": _tabs(figure, part, query),
        "chips": _chips(form),
        "lines": [_line(row, figure, form) for row in found.rows],
        "words": _words(found),
        "unseen": _unseen(found),
        "back": addresses.figures(query),
        **found.addresses(lambda cursor: addresses.records(query, figure, part, cursor=cursor)),
    }
    return render(request, "reports/records.html", context)


def _chosen(figure: str, part: str) -> tuple[Figure, RecordsPart]:
    """What the address names; unknown words count as not given."""
    chosen = Figure(figure) if figure in list(Figure) else Figure.RESOLUTION
    return chosen, RecordsPart(part) if part in PARTS[chosen] else RecordsPart.COUNTED


def _tabs(figure: Figure, part: RecordsPart, query: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": str(word), "url": addresses.records(query, figure, each), "current": each == part, "count": None}
        for each, word in PARTS[figure].items()
    ]


def _chips(form: FiguresForm) -> list[dict[str, str]]:
    """What the list is narrowed to, in words."""
    query = addresses.asked_for(form)
    period = query["since"] if query["since"] == query["until"] else f"{query['since']} – {query['until']}"
    chips = [{"label": _("Period"), "value": period}]
    for name in ("department", "customer", "level"):
        if name in query:
            words = {str(key): str(word) for key, word in choices_of(form, name)}
            chips.append({"label": str(form.fields[name].label), "value": words[query[name]]})
    return chips


def _line(row: Declaration, figure: Figure, form: FiguresForm) -> dict[str, Any]:
    """As incidents/table.html takes it; the clock is the one that the figure judges."""
    clock = row.response_clock if figure == Figure.RESPONSE else row.resolution_clock
    handler = row.handler or row.desk
    return {
        "id": row.pk,
        "url": reverse("record", args=[row.number]),
        "number": row.number,
        "subject": row.subject,
        "customer": row.customer_name or row.caller_name,
        "handler": handler.name if handler else "",
        "state": row.state,
        "priority": row.priority,
        "ungraded": row.type not in (Type.UNKNOWN, Type.INCIDENT),
        "restricted": row.restricted,
        "time_left": time_left(clock, form.at) if clock else None,
        "clock_name": "",
    }


def _words(found: RecordsPage) -> str:
    is_whole = found.opened in (found.counted, min(found.opened, MOST))
    return _("%(count)s records") % {"count": f"{found.opened:,}" if is_whole else f"{MOST:,}+"}


def _unseen(found: RecordsPage) -> str:
    """Why the list is shorter than the figure; empty where it is not."""
    if found.counted <= found.opened:
        return ""
    if found.opened > MOST:
        return _("The figure counts %(counted)s records; those of them that you may not open are not in the list.") % {
            "counted": f"{found.counted:,}"
        }
    return _("The figure counts %(counted)s records; %(unseen)s of them you may not open.") % {
        "counted": f"{found.counted:,}",
        "unseen": f"{found.counted - found.opened:,}",
    }
