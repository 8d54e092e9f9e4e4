"""One import: how far its job is, its plan, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import Actor
from accounts.requests import DeskRequest
from base.clock import now
from ledger.forms import posted_version
from workbook import access, actions, queries
from workbook.models import Import, PlanRow
from workbook.progress import progress
from workbook.sheets import SHEETS
from workbook.views.common import import_or_404

Step = Callable[[Import, str, Actor, int], object]
STEPS: Mapping[str, Step] = {
    "apply": lambda found, digest, actor, version: actions.apply(found.pk, digest, actor=actor, version=version),
    "read": lambda found, _digest, actor, version: actions.read_again(found.pk, actor=actor, version=version),
    "discard": lambda found, _digest, actor, version: actions.discard(found.pk, actor=actor, version=version),
    "undo": lambda found, _digest, actor, version: actions.take_back(found.pk, actor=actor, version=version),
}


@require_GET
@login_required
def plan(request: DeskRequest, key: int) -> HttpResponse:
    """The plan, a page at a time, the refused rows first; while a job is at it, how far it is."""
    access.require_move_in(request.actor)
    found = import_or_404(request.actor, key)
    return render(request, "workbook/import.html", {"import": found, **_progress(found), **_shown(request, found)})


@require_GET
@login_required
def progress_part(request: DeskRequest, key: int) -> HttpResponse:
    """How far the job is, for the page that asks again and again; once it has ended, the page loads anew."""
    access.require_move_in(request.actor)
    found = import_or_404(request.actor, key)
    answer = render(request, "workbook/_progress.html", {"import": found, **_progress(found)})
    if found.state not in Import.BUSY:
        answer["HX-Redirect"] = reverse("workbook-import", args=[found.pk])
    return answer


@require_POST
@login_required
def take_step(request: DeskRequest, key: int, step: str) -> HttpResponse:
    """Carry the plan out, read the file again, leave the plan, or take back what came of it."""
    access.require_move_in(request.actor)
    found = import_or_404(request.actor, key)
    if step not in STEPS:
        raise Http404(_("There is no such step."))
    STEPS[step](found, request.POST.get("digest", ""), request.actor, posted_version(request.POST))
    return HttpResponseRedirect(reverse("workbook-import", args=[key]))


def _progress(found: Import) -> dict[str, object]:
    busy = found.state in Import.BUSY
    return {"busy": busy, "progress": progress(found.pk) if busy else None}


def _shown(request: DeskRequest, found: Import) -> dict[str, object]:
    """The rows that were asked for; without a word those that are refused, or else all."""
    outcomes = [value for value in PlanRow.Outcome.values if found.total(value)]
    asked, sheet = request.GET.get("outcome", ""), request.GET.get("sheet", "")
    outcome = asked if asked in outcomes else "refused" if "refused" in outcomes and not asked else ""
    sheet = sheet if sheet in SHEETS else ""
    lines = queries.lines(found, outcome=outcome, sheet=sheet, cursor=request.GET.get("from", ""))

    def address(**changes: str) -> str:
        return "?" + urlencode({"outcome": outcome or "all", "sheet": sheet, **changes})

    return {
        "counts": queries.counts_of(found),
        "lines": lines.rows,
        "pager": lines.addresses(lambda cursor: address(**{"from": cursor})),
        "tabs": [_tab(found, value, outcome, address) for value in ("", *outcomes)],
        "may_undo": found.may_undo(now()),
        "refused": found.total("refused"),
        "summary": _("%(new)d new, %(changed)d changed, %(same)d the same, %(refused)d refused") % _totals(found),
        "remarks": found.remark.splitlines(),
    }


def _totals(found: Import) -> dict[str, int]:
    return {outcome: found.total(outcome) for outcome in ("new", "changed", "same", "refused")}


def _tab(found: Import, value: str, current: str, address: Callable[..., str]) -> dict[str, object]:
    label = PlanRow.Outcome(value).label if value else _("All")
    count = found.total(value) if value else sum(map(found.total, PlanRow.Outcome.values))
    return {"label": label, "url": address(outcome=value or "all"), "count": count, "current": value == current}
