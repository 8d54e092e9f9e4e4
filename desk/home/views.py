"""My desk: what the reader must do now, most urgent first; and the time of the server."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from base.clock import now
from desk.frame import work_of_request
from desk.home import rows
from desk.home.duty_rows import duty_rows
from desk.home.later import apart
from desk.home.rows import WorkGroup, WorkRow
from desk.live.marks import newest_of_request, watch
from desk.own.queries import reminders_of
from desk.queries.work import Work, nearest_deadline
from desk.teams import tabs
from escalation.queries.shown_clocks import shown_clocks
from incidents.access import departments_of_team
from incidents.models import Reminder
from setup.access import may_see_setup
from sla.queries import TimeLeft


@require_GET
@login_required
def desk(request: DeskRequest) -> HttpResponse:
    """All of it, or with `view` (late, hour, waiting) a part."""
    actor = request.actor
    newest_of_request(request)
    work, at, view = work_of_request(request), now(), request.GET.get("view", "")
    clocks = _clocks(work, at)
    reminders = reminders_of(actor)
    groups, later = _lines(reminders, work, clocks, at)
    waiting = rows.waiting_rows(work, clocks)
    now_due = [row for group in groups for row in group.rows]
    shown = (task.declaration.pk for task in [*work.mine, *work.waiting])
    moments = [*rows.moments([*now_due, *later, *waiting], at), *(each.at for each in reminders.values())]
    watch(request, shown=shown, moments=moments)
    context = {
        "at": at,
        "tabs": tabs("desk") if departments_of_team(actor) else [],
        "segments": _segments(groups, len(waiting), view),
        "groups": [] if view == "waiting" else rows.only(groups, view),
        "waiting": waiting,
        "waiting_summary": rows.waiting_summary(work),
        "waiting_open": view == "waiting",
        "later": later,
        "more": work.more,
        "unanswered": work.duties.get("warning", []),
        "idle": not groups,
        "worst": rows.worst(groups),
        "may_set_up": may_see_setup(actor),
        "nearest": None if groups else nearest_deadline(actor),
    }
    return render(request, "desk/home/page.html", context)


@require_GET
@login_required
def next_work(request: DeskRequest) -> HttpResponse:
    """On to the reader's most urgent step on another record than `after`, or to the desk where there is none."""
    work, at = work_of_request(request), now()
    groups, _put_off = _lines(reminders_of(request.actor), work, _clocks(work, at), at)
    after = request.GET.get("after", "")
    following = next((row for group in groups for row in group.rows if row.number != after and row.button), None)
    if following is not None:
        return HttpResponseRedirect(following.step_url)
    messages.info(request, _("Nothing else waits for you"))
    return HttpResponseRedirect(reverse("desk"))


def _lines(
    reminders: dict[str, Reminder], work: Work, clocks: dict[int, TimeLeft], at: datetime
) -> tuple[list[WorkGroup], list[WorkRow]]:
    """What is to be done now, and apart from it what the reader has put off."""
    own, later = apart(rows.step_rows(work, clocks), reminders, at)
    return rows.groups([*own, *duty_rows(work.duties)], at), later


def _clocks(work: Work, at: datetime) -> dict[int, TimeLeft]:
    tasks = [*work.mine, *work.waiting]
    deciding = [task.declaration for task in tasks if task.is_about_request]
    return shown_clocks([task.declaration for task in tasks], at, deciding=deciding)


def _segments(groups: list[WorkGroup], waiting: int, view: str) -> list[dict[str, Any]]:
    counts = {group.key: len(group.rows) for group in groups}
    address = reverse("desk")
    late = counts.get("late", 0)
    items = [
        ("", _("For me"), sum(counts.values()), "", ""),
        ("late", _("Overdue"), late, "red" if late else "", "clock-exclamation" if late else ""),
        ("hour", _("Within 1 hour"), counts.get("hour", 0), "", ""),
        ("waiting", _("Waiting"), waiting, "", ""),
    ]
    return [
        {
            "label": label,
            "url": f"{address}?view={key}" if key else address,
            "count": count,
            "current": key == view,
            "tone": tone,
            "icon": icon,
        }
        for key, label, count, tone, icon in items
    ]


@require_GET
@login_required
def time(request: HttpRequest) -> JsonResponse:
    """Seconds since 1970, as `now`, for pages that were away: a sleeping computer's own counters stand still."""
    return JsonResponse({"now": now().timestamp()})
