"""One step on a record: its form within the record, and its execution with every refusal in the same place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import DeskRequest
from base.clock import now
from desk.live.marks import watch
from desk.own.queries import marks_on
from desk.queues.choices import done_with
from desk.record.aside import head_clock
from desk.record.bar import bar_of
from desk.record.own_actions import own_actions
from desk.record.page import awaited_clock
from desk.steps import agreement, beside, closing, conflicts, contact, first_contact, grading, lookup, onward, screening
from escalation.verbs import version_of
from incidents.access import declaration_for_reading, declarations, next_steps, require_entitled, require_possible
from incidents.actions import require_entitled_recorded
from incidents.forms import VerbForm
from incidents.models import Declaration, State, Way
from incidents.verbs import Verb
from ledger.exceptions import Invalid, NotPossible, Stale
from ledger.forms import add_errors, posted_version
from record_form.verbs import STEPS
from sla.models import Clock
from ui.htmx import is_panel, is_part

# By `Verb.page`: the template of what changes, and the context that it takes beside the form.
PAGES = {
    "": ("desk/steps/_form.html", None),
    "grading": ("desk/steps/_classify.html", grading.context),
    "lookup": ("desk/steps/_look_up.html", lookup.context),
    "contact": ("desk/steps/_form.html", contact.context),
    "agreement": ("desk/steps/_form.html", agreement.context),
    "first_contact": ("desk/steps/_first_contact.html", first_contact.context),
    "screening": ("desk/steps/_screen.html", screening.context),
}


@require_http_methods(["GET", "POST"])
@login_required
def step(request: DeskRequest, number: str, verb: str) -> HttpResponse:
    """The form of a verb, and with POST its execution on the version that the form was made for."""
    if verb not in STEPS:
        raise Http404
    actor = request.actor
    declaration = declaration_for_reading(actor, number)
    watch(request, record=declaration.pk)
    move = STEPS[verb].move.verb
    if request.method == "POST" and "search" not in request.POST:
        require_entitled_recorded(actor, declaration, move)
        return carried_out(request, declaration, STEPS[verb], request.POST)
    require_entitled(actor, declaration, move)
    form = STEPS[verb].form(declaration=declaration, actor=actor, initial=_initial(request, declaration, verb))
    try:
        require_possible(declaration, move)
    except NotPossible as refused:
        return step_page(request, declaration, verb, form, refused=refused, status=refused.status)
    # A search within the form keeps what was typed, and the version that it was typed on.
    return step_page(request, declaration, verb, form, version=posted_version(request.POST) if request.POST else None)


def carried_out(request: DeskRequest, declaration: Declaration, verb: Verb, posted: QueryDict) -> HttpResponse:
    """Carry out a verb with what was posted; a refusal comes back with every value that was typed."""
    version = posted_version(request.POST)
    data = conflicts.chosen(posted, declaration, verb.name)
    form = verb.form(data, request.FILES, declaration=declaration, actor=request.actor)
    try:
        if not form.is_valid():
            # What cannot be done any more is not worth correcting.
            require_possible(declaration, verb.move.verb)
            return step_page(request, declaration, verb.name, form, version=version, status=422)
        made = verb.action(declaration.pk, version=version, actor=form.actor, **form.values())
    except Invalid as refused:
        add_errors(form, refused)
        return step_page(request, declaration, verb.name, form, version=version, status=refused.status)
    except Stale as refused:
        return conflict_page(request, declaration, verb.name, form, refused, version)
    except NotPossible as refused:
        return step_page(request, declaration, verb.name, form, refused=refused, status=refused.status)
    return done(request, declaration, made if verb.leads_on else declaration, verb)


def _initial(request: DeskRequest, declaration: Declaration, verb: str) -> dict[str, Any]:
    """What a form begins with: the values in force where it changes them, and the person spoken to most."""
    known: dict[str, Any] = {name: value for name, value in conflicts.current(declaration, verb).items() if value}
    if declaration.contact is not None:
        known |= dict.fromkeys(("contact", "told_to"), declaration.contact.code)
    if declaration.channel in Way.values:
        known |= dict.fromkeys(("means", "told_way", "asked_by"), declaration.channel)
    opening = STEPS[verb].initial
    if opening is not None:
        known |= opening(declaration, request.actor)
    parameters = request.POST if request.method == "POST" else request.GET
    return known | {name: value for name, value in parameters.items() if name in STEPS[verb].form.base_fields}


def done(request: DeskRequest, before: Declaration, made: Declaration, verb: Verb) -> HttpResponse:
    """What was done is said; then the next step of the record opens, or the record where it waits for somebody."""
    actor = request.actor
    after = declarations(actor).filter(pk=made.pk).first()
    message = done_with(verb, request.POST.dict())
    if verb.page == "grading" and after is not None:
        message = grading.said(after)
    messages.success(request, message)
    if after is None:
        # What is restricted from now on is closed to whoever has just handed it over.
        return HttpResponseRedirect(reverse("desk"))
    return HttpResponseRedirect(onward.address(actor, before, after, verb, wanted=request.POST.get("then", "")))


def step_page(
    request: DeskRequest,
    declaration: Declaration,
    verb: str,
    form: VerbForm,
    *,
    version: int | None = None,
    refused: NotPossible | None = None,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a step; for htmx only its part that changes."""
    template, own = PAGES[STEPS[verb].page]
    extra = awaited_clock(declaration)
    timed = head_clock(declaration, now(), extra)
    checklist = closing.checklist(declaration) if verb == "close" and declaration.state == State.RESOLVED else []
    if refused is not None and checklist:
        refused = NotPossible(_("Not everything is there yet; the checklist says what is missing."))
    context = {
        **_of_step(declaration, verb, form),
        **_beside(request, declaration, extra),
        "version": version if version is not None else version_of(declaration, STEPS[verb]),
        "refused": refused,
        "typed": conflicts.typed(form) if refused and form.is_bound else [],
        "checklist": checklist,
        "part": template,
        "clock": timed[0] if timed else None,
        "clock_name": timed[1] if timed else "",
    }
    if own is not None and refused is None:
        context |= own(request, declaration, verb, form)
    return _rendered(request, {**context, **(more or {})}, status)


def conflict_page(
    request: DeskRequest, declaration: Declaration, verb: str, form: VerbForm, stale: Stale, version: int
) -> HttpResponse:
    """Somebody saved in between: both versions side by side, nothing typed is lost."""
    current = declaration_for_reading(request.actor, declaration.number)
    context = {
        **_of_step(current, verb, form),
        **_beside(request, current, awaited_clock(current)),
        "part": "components/conflict.html",
        "conflict": conflicts.conflict(current, verb, form, stale, version),
        "address": reverse("record-step", args=[current.number, verb]),
        "back": reverse("record", args=[current.number]),
        "target": "#step",
    }
    return _rendered(request, context, stale.status)


def _beside(request: DeskRequest, declaration: Declaration, extra: Clock | None) -> dict[str, Any]:
    """What stands round the form: on a page of its own what is most wanted of the record, within its page the rest."""
    if is_panel(request):
        return beside.done_so_far(declaration)
    if is_part(request):
        return {}
    bar = bar_of(declaration, next_steps(request.actor, declaration))
    own = own_actions(declaration, marks_on(request.actor, declaration))
    return {"step_bar": bar, "own_actions": own, **beside.beside(declaration, now(), extra)}


def _of_step(declaration: Declaration, verb: str, form: VerbForm) -> dict[str, Any]:
    """What every template of a step takes."""
    known = {"move": STEPS[verb].move, "label": STEPS[verb].label, "step": STEPS[verb]}
    return {"declaration": declaration, "verb": verb, **known, "form": form, "multipart": form.is_multipart()}


def _rendered(request: DeskRequest, context: dict[str, Any], status: int) -> HttpResponse:
    page = "desk/steps/step.html"
    if is_panel(request):
        page = "desk/steps/_panel.html"
    elif is_part(request):
        page = "desk/steps/_step.html"
    return render(request, page, context, status=status)
