"""The team of a desk or a head: who has what, what is late or will be, what waits; and the records of one colleague."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.queries import holdings_in
from accounts.queries.picking import absences_now
from accounts.requests import DeskRequest
from base.clock import now
from desk.record.waits import ROLES
from desk.records.lines import line
from desk.team import lines
from desk.teams import tabs
from escalation.queries import team as queries
from escalation.queries.shown_clocks import shown_clocks
from incidents.access import require_team

# Whose names stand beside what waits for them.
ANSWERING = frozenset(ROLES.values())


@require_GET
@login_required
def team(request: DeskRequest) -> HttpResponse:
    """Who has what, what is late or will be, and what waits for whom; some 13 statements besides the frame."""
    actor = request.actor
    departments = require_team(actor)
    found = queries.watched(actor, departments, now())
    holdings = holdings_in(ANSWERING, departments) if found.waiting else []
    context = {
        "part_of": reverse("desk"),
        "tabs": tabs("team"),
        "people": lines.team_lines(queries.loads(actor, departments), actor),
        "unhandled": queries.unhandled(actor, departments),
        "parts": [
            ("late", _("Late"), lines.late_rows(found), _("Nothing is late.")),
            (
                "risky",
                _("Will be late unless somebody acts"),
                lines.risky_rows(found),
                _("Nothing will be late."),
            ),
            ("waiting", _("Waits for others"), lines.awaited_rows(found, holdings), _("Nothing waits for others.")),
        ],
        "most": queries.MOST,
    }
    return render(request, "desk/team/page.html", context)


@require_GET
@login_required
def person(request: DeskRequest, key: int) -> HttpResponse:
    """What one colleague has in hand, to be given to somebody else or taken over; `kind` is a part of it."""
    actor = request.actor
    departments = require_team(actor)
    found = queries.colleague(key)
    kind = request.GET.get("kind", "open")
    kind = kind if kind in queries.KINDS else "open"
    shown = queries.records_of(actor, departments, found, kind, request.GET.get("cursor", "")) if found else None
    if found is None or shown is None or not (shown.rows or found.department_id in departments):
        raise Http404(_("There is no such colleague in your team."))
    clocks = shown_clocks(shown.rows, now())
    address = reverse("team-person", args=[key])
    context = {
        "part_of": reverse("desk"),
        "person": found,
        "own": found == actor.user,
        "deputies": absences_now().get(found.pk, ()),
        "tabs": _kinds(address, kind),
        "lines": [line(row, clocks.get(row.pk)) for row in shown.rows],
        "kind": kind,
        **shown.addresses(lambda cursor: f"{address}?kind={kind}&cursor={cursor}"),
    }
    return render(request, "desk/team/person.html", context)


def _kinds(address: str, current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"{address}?kind={kind}", "count": None, "current": kind == current}
        for kind, label in lines.labels().items()
    ]
