"""Which due times of open records a change of calendar or contract would move, and applying it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import Actor
from accounts.requests import DeskRequest
from base import wording
from base.clock import now
from base.parsing import moment, number
from escalation import actions, queries
from escalation.access import require_apply_deadlines
from incidents.models import Declaration
from ledger.actions import sending
from ledger.exceptions import NotPermitted
from sla.queries import ClockMove
from sla.wording import clock_name

PAGE = 50
MOST_CHOSEN = 200
LARGEST_KEY = 2**31


@require_http_methods(["GET", "POST"])
@login_required
def deadlines(request: DeskRequest) -> HttpResponse:
    """One page of what would move, from behind the record `after`; with POST the chosen rows, or all, are applied."""
    actor = request.actor
    require_apply_deadlines(actor)
    contract = number(request.GET.get("contract", ""))
    if request.method == "POST":
        return _all(actor, contract) if "all" in request.POST else _chosen(request, actor)
    after = number(request.GET.get("after", "")) or 0
    page, at = queries.moving(actor, contract=contract, after=after, limit=PAGE), now()
    context = {
        "rows": [_row(each.declaration, each.move, at) for each in page.rows],
        "looked_at": page.looked_at,
        "next": _address(contract, page.after) if page.after else "",
        "first": _address(contract) if after else "",
        "contract": contract,
        "going": queries.unfinished_recount(actor),
    }
    return render(request, "escalation/deadlines/page.html", context)


@require_GET
@login_required
def recount(request: DeskRequest, key: int) -> HttpResponse:
    """How far the applying of all has come; a part of the page for htmx, else the page."""
    actor = request.actor
    found = queries.recount(actor, key) if key < LARGEST_KEY else None
    if found is None:
        raise Http404(_("There is no such run, or it is not yours."))
    part = request.htmx
    template = "escalation/deadlines/_recount.html" if part else "escalation/deadlines/recount.html"
    return render(request, template, {"recount": found})


def _all(actor: Actor, contract: int | None) -> HttpResponse:
    """Begin, and do the first records at once; a job does the others."""
    begun = actions.begin_recount(actor=actor, contract=contract)
    actions.carry_on(begun.pk)
    return HttpResponseRedirect(reverse("recount", args=[begun.pk]))


def _chosen(request: DeskRequest, actor: Actor) -> HttpResponse:
    """Each record is a transaction of its own; what is not as it was shown is left, and said."""
    seen = _seen(request.POST.getlist("move")[:MOST_CHOSEN])
    moved = unlike = 0
    for declaration, clocks in seen.items():
        try:
            with sending(None):
                moves, others = actions.apply_deadlines(declaration, actor=actor, seen=clocks)
        except (Declaration.DoesNotExist, NotPermitted):
            moves, others = [], len(clocks)
        moved, unlike = moved + len(moves), unlike + others
    _say(request, moved, unlike)
    return HttpResponseRedirect(request.get_full_path())


def _say(request: DeskRequest, moved: int, unlike: int) -> None:
    if moved:
        message = ngettext("%(count)d due time was moved.", "%(count)d due times were moved.", moved)
        messages.success(request, message % {"count": moved})
    if unlike:
        message = ngettext(
            "%(count)d is no longer as it was shown and was left as it is.",
            "%(count)d are no longer as they were shown and were left as they are.",
            unlike,
        )
        messages.warning(request, message % {"count": unlike})
    if not moved and not unlike:
        messages.info(request, _("Nothing was chosen."))


def _seen(values: list[str]) -> dict[int, dict[int, datetime]]:
    """By declaration the chosen clocks, each with the due time that was shown; what is no such is left out."""
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    for value in values:
        declaration, _mark, rest = value.partition("/")
        clock, _mark, due = rest.partition("/")
        at = moment(due)
        keys = number(declaration), number(clock)
        if keys[0] and keys[1] and at is not None:
            found[keys[0]][keys[1]] = at
    return found


def _row(declaration: Declaration, move: ClockMove, at: datetime) -> dict[str, Any]:
    later = move.difference.total_seconds() > 0
    span = wording.duration(move.difference)
    return {
        "declaration": declaration,
        "kind": clock_name(move.clock.kind),
        "before": move.clock.due_at,
        "after": move.due_at,
        "later": later,
        "difference": _("%(span)s later") % {"span": span} if later else _("%(span)s earlier") % {"span": span},
        "overdue": move.is_overdue(at),
        "overdue_for": wording.duration(at - move.due_at) if move.is_overdue(at) else "",
        "was_overdue": move.clock.paused_at is None and move.clock.due_at <= at,
        "value": f"{declaration.pk}/{move.clock.pk}/{move.due_at.isoformat()}",
    }


def _address(contract: int | None, after: int | None = None) -> str:
    parameters = {name: value for name, value in (("contract", contract), ("after", after)) if value}
    return reverse("deadlines") + (f"?{urlencode(parameters)}" if parameters else "")
