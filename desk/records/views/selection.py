"""Several ticked records at once: given to another handler, or printed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import DeskRequest
from audit.queries import section_nine
from base.clock import now
from base.parsing import number
from desk.records import address, selection
from desk.records.forms import ReassignSeveralForm
from desk.records.queries import ticked
from ledger.actions import count_form, sending
from record_form.printing import printed
from ui.prefetching import refuses_prefetch


@require_http_methods(["GET", "POST"])
@login_required
def reassign(request: DeskRequest) -> HttpResponse:
    """Ask to whom and why, and with POST do it, each record by itself; then a line for each."""
    actor = request.actor
    parameters = request.POST if request.method == "POST" else request.GET
    rows = ticked(actor, selection.keys(parameters))
    team = number(parameters.get("team", ""))
    back = reverse("team-person", args=[team]) if team is not None else _back(parameters.get("query", ""))
    if not rows:
        return HttpResponseRedirect(back)
    takes = "take" in request.GET
    form = ReassignSeveralForm(request.POST if request.method == "POST" else None, rows=rows, actor=actor, takes=takes)
    context = {"form": form, "back": back, "query": parameters.get("query", ""), "team": team}
    if form.is_valid():
        # Each record is a transaction of its own, fenced by its version; cut short, the form may be sent again.
        with sending(None):
            done = selection.reassigned(actor, rows, request.POST, **form.cleaned_data)
        count_form("")
        return render(request, "desk/records/reassigned.html", {**context, "outcomes": done, **_split(done)})
    found = selection.judged(actor, rows, "reassign")
    status = 422 if form.is_bound else 200
    return render(request, "desk/records/reassign.html", {**context, "outcomes": found, **_split(found)}, status=status)


@require_GET
@refuses_prefetch
@login_required
def print_forms(request: DeskRequest) -> HttpResponse:
    """The forms of the ticked records, one after the other; each goes into the print log."""
    actor = request.actor
    rows, at = ticked(actor, selection.keys(request.GET)), now()
    sheets = [printed(actor, row.number, section_nine, at, "page").sheet for row in rows]
    if not sheets:
        return HttpResponseRedirect(reverse("records"))
    return render(request, "desk/records/print.html", {"sheets": sheets})


def _split(outcomes: list[selection.Outcome]) -> dict[str, int]:
    held_back = sum(bool(each.sentence) for each in outcomes)
    return {"possible": len(outcomes) - held_back, "held_back": held_back}


def _back(query: str) -> str:
    return f"{reverse('records')}?{address.query(address.chosen(address.read(query)))}"
