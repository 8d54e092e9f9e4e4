"""Watching a record and putting it off, from its page and from the own desk."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import DeskRequest
from desk.own.queries import marks_on
from incidents import actions
from incidents.access import declaration_for_reading, sees_any
from incidents.actions.reminders import NOTHING_TO_COME_BACK_TO
from incidents.forms.own import ReminderForm
from ledger.actions import count_form
from ledger.exceptions import Invalid, NotPossible
from ledger.forms import add_errors
from ui.htmx import is_panel, is_part


@require_POST
@login_required
def watch(request: DeskRequest, number: str) -> HttpResponse:
    """Hear of the record from now on, or with `end` no more."""
    key = actions.key_of_marked(request.actor, number)
    if "end" in request.POST:
        actions.unwatch(key, actor=request.actor)
        messages.success(request, _("You watch it no more."))
    else:
        actions.watch(key, actor=request.actor)
        messages.success(request, _("You watch it: news of it come to your bell."))
    count_form("")
    return _back(request, key, number)


@require_http_methods(["GET", "POST"])
@login_required
def remind(request: DeskRequest, number: str) -> HttpResponse:
    """Ask for the moment and for what, and with POST put the record off until then."""
    declaration = declaration_for_reading(request.actor, number)
    if not declaration.is_open:
        raise NotPossible(str(NOTHING_TO_COME_BACK_TO))
    marks = marks_on(request.actor, declaration)
    known = {"at": marks.reminder.at, "note": marks.reminder.note} if marks.reminder else {"at": _tomorrow()}
    form = ReminderForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        try:
            actions.remind(declaration.pk, actor=request.actor, **form.cleaned_data)
        except Invalid as refused:
            add_errors(form, refused)
        else:
            count_form(declaration.stream)
            messages.success(request, _("It is put off: you hear of it then. No clock stops."))
            return redirect("record", number)
    context = {"declaration": declaration, "form": form, "marks": marks}
    return render(request, _page(request), context, status=422 if form.is_bound else 200)


def _page(request: DeskRequest) -> str:
    """Within the page of the record as the forms of its steps, or on a page of its own."""
    if is_panel(request):
        return "desk/own/_panel.html"
    return "desk/own/_remind.html" if is_part(request) else "desk/own/remind.html"


@require_POST
@login_required
def unremind(request: DeskRequest, number: str) -> HttpResponse:
    """Take the own reminder back; `back` leads to the desk."""
    key = actions.key_of_marked(request.actor, number)
    actions.unremind(key, actor=request.actor)
    count_form("")
    messages.success(request, _("The reminder is taken back."))
    return redirect("desk") if request.POST.get("back") == "desk" else _back(request, key, number)


def _back(request: DeskRequest, key: int, number: str) -> HttpResponse:
    """To the record, or to the desk where it is seen no more."""
    return redirect("record", number) if sees_any(request.actor, [key]) else redirect("desk")


def _tomorrow() -> datetime:
    return datetime.combine(localdate() + timedelta(days=1), time(9), get_current_timezone())
