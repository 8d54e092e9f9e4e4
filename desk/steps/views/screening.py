"""The tree of screening as one form, and what is shown beside it and beside the matrix while one chooses."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import DeskRequest
from desk.call.callers import looks_up_people
from desk.steps import grading, screening
from desk.steps.views.steps import carried_out, step_page
from incidents.access import declaration_for_reading, require_entitled
from incidents.actions import require_entitled_recorded
from incidents.queries.contacts import log_shown
from record_form.verbs import VERBS

UNDECIDED = "screen_as_incident"


@require_POST
@login_required
def screen(request: DeskRequest, number: str) -> HttpResponse:
    """Carry out the outcome to which the answers lead; with a question open, the page again."""
    actor = request.actor
    declaration = declaration_for_reading(actor, number)
    require_entitled_recorded(actor, declaration, UNDECIDED)
    verb, follows = screening.verb_of(request.POST)
    if not verb:
        form = VERBS[UNDECIDED].form(declaration=declaration, actor=actor, initial=request.POST.dict())
        open_questions = {"open": screening.missing_answers(request.POST)}
        return step_page(request, declaration, UNDECIDED, form, more=open_questions, status=422)
    posted = request.POST.copy()
    for name, value in follows.items():
        posted[name] = value
    return carried_out(request, declaration, VERBS[verb], posted)


@require_GET
@login_required
@looks_up_people
def party(request: DeskRequest, number: str) -> HttpResponse:
    """Contracts and people of the customer that was just chosen."""
    actor = request.actor
    declaration = declaration_for_reading(actor, number)
    require_entitled(actor, declaration, UNDECIDED)
    code = request.GET.get("customer", "")
    form = VERBS[UNDECIDED].form(declaration=declaration, actor=actor, initial=screening.party_of(declaration, code))
    screening.mark_needed(form, declaration)
    log_shown(actor, screening.narrow(form, code))
    return render(request, "desk/steps/_party.html", {"party": form, "declaration": declaration})


@require_GET
@login_required
def follows(request: DeskRequest, number: str) -> HttpResponse:
    """What follows from the leaf and the cell that were just chosen."""
    actor = request.actor
    declaration = declaration_for_reading(actor, number)
    levels = grading.allowed(declaration)
    found = grading.consequences(declaration, levels, request.GET.get("leaf", ""), request.GET.get("cell", ""))
    return render(request, "desk/steps/_follows.html", {"follows": found, "declaration": declaration, "live": True})
