"""The days of a year: one by one, from the library, from a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import DeskRequest
from ledger.exceptions import Stale
from ledger.forms import posted_version
from sla import actions, queries
from sla.access import require_keep_calendars
from sla.forms.calendars import FILE, LIBRARY, DayForm, ImportForm
from sla.models import Calendar, CalendarDay
from sla.views.calendars import EARLIEST, LATEST, asked_day, found_calendar, saved, year_page
from sla.year_files import MOST_BYTES, CalendarEntry, RowError, decoded, read_year

MOST_ERRORS = 50


@dataclass(frozen=True)
class Plan:
    """What an import would load, or why it cannot."""

    source: str = ""
    entries: list[CalendarEntry] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    questions: list[RowError] = field(default_factory=list)
    content: str = ""

    @property
    def provisional(self) -> bool:
        return not any(entry.kind == CalendarDay.Kind.MAKE_UP for entry in self.entries)


@require_POST
@login_required
def day(request: DeskRequest, key: int, text: str) -> HttpResponse:
    """Set what holds on one date; refused or stale, the year comes back with the form as it was typed."""
    actor = request.actor
    require_keep_calendars(actor)
    found, at = found_calendar(key), asked_day(text)
    if at is None:
        raise Http404(_("There is no such day."))
    form = DayForm(request.POST)
    version = posted_version(request.POST)
    if not form.is_valid():
        return year_page(request, found, at.year, at, form=form, status=422)
    kind = CalendarDay.Kind(form.cleaned_data["kind"]) if form.cleaned_data["kind"] else None
    values = {name: form.cleaned_data[name] for name in ("windows", "name")}
    before = found_calendar(key)
    try:
        changed = actions.set_calendar_day(found, at, kind, actor=actor, version=version, **values)
    except Stale as stale:
        return year_page(request, found_calendar(key), at.year, at, form=form, stale=stale, status=stale.status)
    saved(request, before, changed)
    return HttpResponseRedirect(f"{reverse('calendar', args=[key])}?year={at.year}")


@require_POST
@login_required
def confirm(request: DeskRequest, key: int, year: int) -> HttpResponse:
    """The year is final as it stands."""
    actor = request.actor
    require_keep_calendars(actor)
    found = found_calendar(key)
    _require(year)
    actions.confirm_calendar_year(found, year, actor=actor, version=posted_version(request.POST))
    messages.success(request, _("%(year)d is confirmed as it stands.") % {"year": year})
    return HttpResponseRedirect(f"{reverse('calendar', args=[key])}?year={year}")


@require_http_methods(["GET", "POST"])
@login_required
def load(request: DeskRequest, key: int, year: int) -> HttpResponse:
    """Where the year comes from; with POST what would change, and once that is agreed to, the change."""
    actor = request.actor
    require_keep_calendars(actor)
    found = found_calendar(key)
    _require(year)
    if request.method == "GET":
        return _page(request, found, year, ImportForm(initial={"source": LIBRARY}))
    form = ImportForm(request.POST, request.FILES)
    version = posted_version(request.POST)
    plan = _plan(form, year) if form.is_valid() else None
    if plan is None or plan.errors or "apply" not in request.POST:
        return _page(request, found, year, form, plan)
    if plan.questions and not form.cleaned_data["agreed"]:
        form.add_error("agreed", _("Look at these days first, and confirm that they are meant so."))
        return _page(request, found, year, form, plan)
    before = found_calendar(key)
    try:
        changed = actions.load_calendar_year(
            found, year, plan.entries, plan.source, actor=actor, provisional=plan.provisional, version=version
        )
    except Stale as stale:
        return _page(request, found_calendar(key), year, form, plan, stale=stale)
    saved(request, before, changed)
    return HttpResponseRedirect(f"{reverse('calendar', args=[key])}?year={year}")


def _require(year: int) -> None:
    if not EARLIEST <= year <= LATEST:
        raise Http404(_("There is no such year."))


def _plan(form: ImportForm, year: int) -> Plan | None:
    """What the chosen source says; None with the reason at the field when there is nothing to read."""
    if form.cleaned_data["source"] == LIBRARY:
        known = queries.public_holidays(year)
        days = list(known.days)
        return Plan(known.source, days, _nothing(days, year))
    upload, content = form.cleaned_data["file"], form.cleaned_data["content"]
    if upload is None and not content:
        form.add_error("file", _("Choose the file."))
        return None
    try:
        text = decoded(upload.read(MOST_BYTES + 1) if upload else content.encode())
    except ValueError as error:
        form.add_error("file", str(error))
        return None
    read = read_year(text, year)
    name = upload.name if upload else form.cleaned_data["file_name"]
    return Plan(str(name)[:100] or _("a file"), read.entries, read.errors, read.questions, text)


def _nothing(days: list[CalendarEntry], year: int) -> list[RowError]:
    if days:
        return []
    return [RowError(0, _("The library knows no holiday of %(year)d. Choose a file.") % {"year": year})]


def _page(
    request: DeskRequest,
    found: Calendar,
    year: int,
    form: ImportForm,
    plan: Plan | None = None,
    *,
    stale: Stale | None = None,
) -> HttpResponse:
    refused = (form.is_bound and bool(form.errors)) or (plan is not None and bool(plan.errors))
    readable = plan is not None and not plan.errors
    context: dict[str, Any] = {
        "calendar": found,
        "year": year,
        "form": form,
        "plan": plan,
        "errors": plan.errors[:MOST_ERRORS] if plan else [],
        "more_errors": max(0, len(plan.errors) - MOST_ERRORS) if plan else 0,
        "differences": queries.differences(found, year, plan.entries) if plan and readable else [],
        "readable": readable,
        "from_file": form.is_bound and form.data.get("source") == FILE,
        "stale": stale,
    }
    return render(request, "sla/load.html", context, status=stale.status if stale else 422 if refused else 200)
