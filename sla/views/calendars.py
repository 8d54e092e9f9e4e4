"""Working calendars: the list, one of them by year, and its weekly hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import local_day
from accounts.requests import DeskRequest
from base.clock import now
from ledger.exceptions import Stale
from ledger.forms import carried_out, change_page
from sla import actions, queries, wording
from sla.access import may_apply_changes, may_keep_calendars, require_keep_calendars, require_read_calendars
from sla.forms.calendars import CalendarForm, DayForm
from sla.models import Calendar, CalendarDay
from sla.year_view import HEADS, LOOKS, months, runs

USUAL_WEEK = dict.fromkeys((f"day{weekday}" for weekday in range(5)), "09:00-12:00, 13:30-18:00")
EARLIEST, LATEST = 2000, 2100


@require_GET
@login_required
def calendars(request: DeskRequest) -> HttpResponse:
    """Every calendar with its week; one statement beside those of the frame."""
    actor = request.actor
    require_read_calendars(actor)
    today = local_day(now())
    rows = [
        (each, wording.week(queries.working_calendar(each)), queries.missing_years(each, today))
        for each in queries.calendars()
    ]
    return render(request, "sla/calendars.html", {"rows": rows, "may_keep": may_keep_calendars(actor)})


@require_GET
@login_required
def calendar(request: DeskRequest, key: int) -> HttpResponse:
    """One calendar with the months of a year; `day` opens the form of a date."""
    require_read_calendars(request.actor)
    found = found_calendar(key)
    day = asked_day(request.GET.get("day", ""))
    return year_page(request, found, _asked_year(request.GET.get("year", ""), day), day)


def year_page(
    request: DeskRequest,
    found: Calendar,
    year: int,
    day: date | None = None,
    *,
    form: DayForm | None = None,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a year; with `form` as it was typed for `day`, and who was faster."""
    actor, today = request.actor, local_day(now())
    special = {each.date: each for each in queries.special_days(found, year)}
    working = queries.working_calendar(found)
    context = {
        "calendar": found,
        "week": wording.week(working),
        "year": year,
        "years": _year_tabs(found, year, today.year),
        "planned": _planned(found, year),
        "missing": queries.missing_years(found, today),
        "weekdays": HEADS,
        "months": months(year, working, special),
        "special": [(run, CalendarDay.Kind(run.kind).label) for run in runs(special.values())],
        "legend": [(look, *LOOKS[look]) for look in LOOKS],
        "day": day,
        "day_form": form or (DayForm(initial=DayForm.initial_of(special.get(day))) if day else None),
        "stale": stale,
        "may_keep": may_keep_calendars(actor),
        "may_apply": may_apply_changes(actor),
    }
    return render(request, "sla/calendar.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def new_calendar(request: DeskRequest) -> HttpResponse:
    """An empty form with the usual week, and with POST the new calendar."""
    actor = request.actor
    require_keep_calendars(actor)
    form = CalendarForm(request.POST or None, initial={"timezone": "Asia/Shanghai", **USUAL_WEEK})

    def create() -> Calendar:
        name, timezone = form.cleaned_data["name"], form.cleaned_data["timezone"]
        return actions.create_calendar(name, actor=actor, timezone=timezone, weekly=form.weekly())

    if request.method == "POST" and (made := carried_out(form, create)):
        messages.success(request, _("%(name)s is entered. Import its years next.") % {"name": made.name})
        return HttpResponseRedirect(reverse("calendar", args=[made.pk]))
    return _hours_page(request, form)


@require_http_methods(["GET", "POST"])
@login_required
def hours(request: DeskRequest, key: int) -> HttpResponse:
    """Name, zone and weekly hours of a calendar, and with POST the change of them."""
    actor = request.actor
    require_keep_calendars(actor)
    found = found_calendar(key)

    def change(form: CalendarForm, version: int) -> Calendar:
        values = {name: form.cleaned_data[name] for name in ("name", "timezone")}
        changed = actions.change_calendar(found.pk, actor=actor, version=version, weekly=form.weekly(), **values)
        saved(request, found, changed)
        return changed

    return change_page(
        request,
        found,
        standing=CalendarForm(initial=CalendarForm.initial_of(found)),
        typed=CalendarForm,
        act=change,
        shown=lambda form, version: _hours_page(request, form, found, version),
        title=found.name,
        back=reverse("calendar", args=[key]),
    )


def saved(request: DeskRequest, before: Calendar, after: Calendar) -> None:
    """Say which version it is now, and that running clocks keep theirs."""
    if before.version == after.version:
        messages.info(request, _("Nothing was changed, so there is no new version."))
        return
    message = _("Saved as version %(number)d. Running clocks keep theirs until the change is applied to them.")
    messages.success(request, message % {"number": after.version})


def _hours_page(
    request: DeskRequest, form: CalendarForm, found: Calendar | None = None, version: int | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "calendar": found,
        "version": version or (found.version if found else 0),
        "working_rule": form.errors.get("weekly"),
    }
    return render(request, "sla/hours.html", context, status=422 if form.is_bound and form.errors else 200)


def found_calendar(key: int) -> Calendar:
    """The calendar with that key, or 404."""
    found = queries.calendar(key)
    if found is None:
        raise Http404(_("There is no such calendar."))
    return found


def asked_day(text: str) -> date | None:
    """A date from an address between `EARLIEST` and `LATEST`; None for anything else, so that no address fails."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found.year <= LATEST else None


def _asked_year(text: str, day: date | None) -> int:
    if day is not None:
        return day.year
    if text.isdecimal() and len(text) == 4 and EARLIEST <= int(text) <= LATEST:
        return int(text)
    return local_day(now()).year


def _planned(found: Calendar, year: int) -> dict[str, Any] | None:
    """Whether the year is final, and its source in words."""
    planned = found.years.get(str(year))
    if planned is None:
        return None
    source = _("entered by hand") if planned["source"] == actions.BY_HAND else planned["source"]
    return {**planned, "source": source}


def _year_tabs(found: Calendar, year: int, this_year: int) -> list[dict[str, Any]]:
    shown = {*(int(each) for each in found.years), year, this_year - 1, this_year, this_year + 1}
    address = reverse("calendar", args=[found.pk])
    return [
        {"label": str(each), "url": f"{address}?year={each}", "count": "", "current": each == year}
        for each in sorted(shown)
    ]
