"""Filing: the custodian's closed records, what is missing in each, and the step into the file."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Role
from accounts.requests import DeskRequest
from desk.frame import work_of_request
from desk.queues.choices import attempted
from desk.queues.queries import closed_records, filed_records
from escalation.queries import unsigned_problem
from incidents.access import declaration_for_reading, next_steps, require_entitled
from incidents.actions import require_entitled_recorded
from incidents.models import Declaration, State
from incidents.verbs import VerbButton
from ledger.exceptions import Reason, Refused
from record_form.glyphs import code_points
from record_form.queries import form_of, missing, without_glyph


@require_GET
@login_required
def filing(request: DeskRequest) -> HttpResponse:
    """What is to be filed, what was sent back, and what was filed last."""
    actor = request.actor
    ready = {task.declaration.pk for task in work_of_request(request).mine if task.step and task.step.verb == "file"}
    rows = closed_records(actor)
    context = {
        "to_file": [row for row in rows if row.pk in ready],
        "sent_back": [row for row in rows if row.pk not in ready],
        "filed": filed_records(actor),
        "is_custodian": bool(actor.holds(Role.CUSTODIAN)),
    }
    return render(request, "desk/queues/filing/list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def to_file(request: DeskRequest, number: str) -> HttpResponse:
    """One closed record with what its form still lacks; with POST it is filed or sent back."""
    actor = request.actor
    declaration = declaration_for_reading(actor, number)
    judge = require_entitled_recorded if request.method == "POST" else require_entitled
    judge(actor, declaration, "file")
    refused: Refused | None = None
    if request.method == "POST":
        outcome = attempted(request, declaration)
        if isinstance(outcome, VerbButton):
            return HttpResponseRedirect(reverse("filing"))
        refused, declaration = outcome, declaration_for_reading(actor, number)
    lacks = _missing(declaration)
    form, _filed = form_of(declaration)
    context = {
        "declaration": declaration,
        "missing": lacks,
        "unsigned": unsigned_problem(declaration) if lacks else None,
        "without_glyph": code_points("".join(without_glyph(form))),
        "steps": {step.verb for step in next_steps(actor, declaration) if step.possible},
        "asks": "\n".join(str(reason.sentence) for reason in lacks),
        "refused": refused,
        "typed": request.POST,
    }
    return render(request, "desk/queues/filing/page.html", context, status=refused.status if refused else 200)


def _missing(declaration: Declaration) -> list[Reason]:
    return missing(declaration) if declaration.state == State.CLOSED else []
