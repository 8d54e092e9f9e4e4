"""Hand-overs: what the reader has to sign and complete, and what the own desk has sent."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import Actor
from accounts.models import Role
from accounts.requests import DeskRequest
from base.clock import now
from desk.queues.choices import attempted
from desk.queues.queries import handovers_from, handovers_to, open_handover
from incidents.access import declaration_for_reading, next_steps
from incidents.models import Declaration, Handover
from incidents.verbs import VerbButton
from ledger.exceptions import Refused
from sla.queries import TimeLeft, time_left

SENDERS = (Role.SERVICE_DESK, Role.DUTY_DESK, Role.DEPARTMENT_HEAD)


@require_GET
@login_required
def handovers(request: DeskRequest) -> HttpResponse:
    """For me, sent by us, completed: one view at a time."""
    actor = request.actor
    received, sent = handovers_to(actor), handovers_from(actor) if _sends(actor) else []
    view = request.GET.get("view", "") or ("in" if received or not _sends(actor) else "sent")
    shown = {"in": received, "sent": sent}.get(view)
    rows = handovers_to(actor, completed=True) if shown is None else shown
    context = {
        "view": view if shown is not None else "done",
        "tabs": _tabs(actor, view if shown is not None else "done", len(received), len(sent)),
        "rows": [(handover, _left(handover)) for handover in rows],
    }
    return render(request, "desk/queues/handovers/list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def handover(request: DeskRequest, number: str) -> HttpResponse:
    """One hand-over; with POST its receipt, return or completion. Where none is open any more, the record is shown."""
    actor = request.actor
    declaration = declaration_for_reading(actor, number)
    refused: Refused | None = None
    if request.method == "POST":
        outcome = attempted(request, declaration)
        if isinstance(outcome, VerbButton):
            received = outcome.verb == "receive_handover"
            return HttpResponseRedirect(request.path if received else reverse("handovers"))
        refused, declaration = outcome, declaration_for_reading(actor, number)
    found_row = open_handover(declaration)
    if found_row is None:
        return _over(declaration)
    context = {
        "declaration": declaration,
        "handover": found_row,
        "left": _left(found_row),
        "steps": {step.verb for step in next_steps(actor, declaration) if step.possible},
        "refused": refused,
        "typed": request.POST,
    }
    return render(request, "desk/queues/handovers/page.html", context, status=refused.status if refused else 200)


def _over(declaration: Declaration) -> HttpResponse:
    """The record tells what became of a hand-over that is completed or came back."""
    if not declaration.handover_rows.exists():
        raise Http404
    return HttpResponseRedirect(reverse("record", args=[declaration.number]))


def _sends(actor: Actor) -> bool:
    return any(held.role in SENDERS for held in actor.grants)


def _left(handover: Handover) -> TimeLeft | None:
    return time_left(handover.clock, now()) if handover.clock else None


def _tabs(actor: Actor, view: str, received: int, sent: int) -> list[dict[str, Any]]:
    address = reverse("handovers")
    found = [("in", _("For me"), received), ("sent", _("Sent by us"), sent), ("done", _("Completed by me"), None)]
    return [
        {"label": label, "url": f"{address}?view={key}", "count": count, "current": key == view}
        for key, label, count in found
        if key != "sent" or _sends(actor)
    ]
