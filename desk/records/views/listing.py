"""The list of records and one's own views of it; the reading is done by incidents.queries.listing."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import DeskRequest
from base.clock import now
from desk.frame import book_of
from desk.live.marks import newest_of_request, watch
from desk.records import actions, address
from desk.records.bar import bar, counted, filters, is_narrowed, tabs
from desk.records.lines import line
from desk.records.queries import choice_of, saved_views
from escalation.queries.shown_clocks import shown_clocks
from incidents.queries.listing import ListQuery, counts, listed, searched

COMMANDS = 8


@require_GET
@login_required
def records(request: DeskRequest) -> HttpResponse:
    """One page of 25 with the views, filters and order of the address."""
    actor = request.actor
    newest_of_request(request)
    choice = choice_of(actor, book_of(request))
    saved, chosen = saved_views(actor), address.chosen(request.GET)
    query = address.asked(chosen, choice)
    of_saved = {view.key: address.asked(address.chosen(address.read(view.query)), choice) for view in saved}
    search = searched(actor, query)
    page, numbers = listed(actor, query, search), counts(actor, query, of_saved, search)
    clocks = shown_clocks(page.rows, now())
    watch(request, shown=(row.pk for row in page.rows), moments=(row.shown_due_at for row in page.rows))
    context = {
        "lines": [line(row, clocks.get(row.pk)) for row in page.rows],
        "tabs": tabs(chosen, numbers, saved),
        "bar": bar(chosen, filters(choice)),
        "words": counted(numbers["asked"]),
        "narrowed": is_narrowed(chosen),
        "query": address.query(chosen),
        "own": next((view for view in saved if str(view.pk) == chosen["saved"]), None),
        "clear_url": address.address({"view": chosen["view"]}),
        **page.addresses(lambda cursor: address.address(chosen, cursor=cursor)),
    }
    return render(request, "desk/records/list.html", context)


@require_GET
@login_required
def command(request: DeskRequest) -> HttpResponse:
    """The records that fit what is typed into the command palette, the newest first."""
    actor = request.actor
    text = request.GET.get("q", "")[: address.LONGEST].strip()
    rows = listed(actor, ListQuery(view="all", q=text, sort="received")).rows[:COMMANDS] if text else []
    return render(request, "desk/records/_command.html", {"lines": [line(row, None) for row in rows], "q": text})


@require_POST
@login_required
def save_view(request: DeskRequest) -> HttpResponse:
    """Keep the filters of the list under a name, and show it."""
    query = address.query(address.chosen(address.read(request.POST.get("query", ""))))
    view = actions.save_view(actor=request.actor, name=request.POST.get("name", ""), query=query)
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return HttpResponseRedirect(f"{reverse('records')}?{view.query}&saved={view.pk}")


@require_POST
@login_required
def forget_view(request: DeskRequest, key: int) -> HttpResponse:
    """Drop one of one's own views; the records stay as they are."""
    actions.forget_view(actor=request.actor, key=key)
    messages.success(request, _("The view is dropped; the records are untouched."))
    return HttpResponseRedirect(reverse("records"))
