"""Problems: the list, and one problem with the incidents that it came from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Role
from accounts.requests import DeskRequest
from escalation.actions import acknowledge_problem
from escalation.forms import AcknowledgeForm
from escalation.models import Problem
from escalation.queries import incidents_of, problem_to_read
from escalation.queries.problems import LIMIT, problem_counts, problem_page
from ledger.exceptions import Invalid, Refused
from ledger.forms import add_errors, posted_version


@require_GET
@login_required
def problem_list(request: DeskRequest) -> HttpResponse:
    """One page of what the reader may see, or with `view=waiting` of those that nobody has received."""
    actor = request.actor
    view = "waiting" if request.GET.get("view") == "waiting" else ""
    page = problem_page(actor, request.GET.get("cursor", ""), waiting=bool(view))
    context = {
        "rows": page.rows,
        "tabs": _tabs(view, problem_counts(actor)),
        "view": view,
        **page.addresses(lambda cursor: _address(view, cursor=cursor)),
    }
    return render(request, "escalation/problems/list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def problem(request: DeskRequest, number: str) -> HttpResponse:
    """One problem; with POST problem management signs for it."""
    actor = request.actor
    found = problem_to_read(actor, number)
    form = AcknowledgeForm(request.POST or None)
    if request.method == "GET":
        return _page(request, found, form)
    try:
        _acknowledge(request, found, form)
    except Invalid as refused:
        add_errors(form, refused)
        return _page(request, found, form, refused=refused)
    except Refused as refused:
        return _page(request, problem_to_read(actor, number), form, refused=refused)
    messages.success(request, _("Received %(number)s") % {"number": number})
    return HttpResponseRedirect(reverse("problem", args=[number]))


def _acknowledge(request: DeskRequest, found: Problem, form: AcknowledgeForm) -> None:
    version = posted_version(request.POST)
    if not form.is_valid():
        raise Invalid({})
    actor = request.actor
    acknowledge_problem(found.pk, version=version, actor=actor, **form.cleaned_data)


def _page(
    request: DeskRequest, found: Problem, form: AcknowledgeForm, *, refused: Refused | None = None
) -> HttpResponse:
    actor = request.actor
    context = {
        "problem": found,
        "incidents": incidents_of(actor, found),
        "form": form,
        "may_receive": found.is_awaited and actor.holds(Role.PROBLEM_MANAGER) is not None,
        "refused": None if isinstance(refused, Invalid) else refused,
    }
    return render(request, "escalation/problems/page.html", context, status=refused.status if refused else 200)


def _tabs(view: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    names = {"": (_("All problems"), counts["all"]), "waiting": (_("Not received"), counts["waiting"])}
    return [
        {"label": label, "url": _address(name), "count": _bounded(count), "current": name == view}
        for name, (label, count) in names.items()
    ]


def _address(view: str, **more: str) -> str:
    parameters = {name: value for name, value in {"view": view, **more}.items() if value}
    return reverse("problems") + (f"?{urlencode(parameters)}" if parameters else "")


def _bounded(count: int) -> str:
    return str(count) if count <= LIMIT else f"{LIMIT}+"
