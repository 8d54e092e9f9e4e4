"""The list of what waits for review, what is being reviewed, and what was."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from audit.models import Review
from audit.queries import MUST, REASONS, departments, obligatory_reasons, records, with_reasons
from audit.views.common import require_auditor
from base import paging
from base.parsing import number
from incidents.models import Declaration
from incidents.queries.searching import search_condition

MANY = 1000
LOOKS = {
    Review.State.SELECTED: ("grey", "list-check"),
    Review.State.IN_REVIEW: ("blue", "progress"),
    Review.State.CONFORM: ("green", "circle-check"),
    Review.State.FINDING: ("amber", "alert-triangle"),
    Review.State.CORRECTED: ("violet", "hourglass"),
    Review.State.VERIFIED: ("green", "checks"),
}


@require_GET
@login_required
def reviews(request: DeskRequest) -> HttpResponse:
    """One page of a view, in order of registration."""
    actor = request.actor
    require_auditor(actor)
    query = {
        name: request.GET.get(name, "").replace("\x00", "")[:100].strip()
        for name in ("view", "q", "reason", "department")
    }
    page = paging.page(_found(query), paging.Order(), request.GET.get("cursor", ""))
    context = {
        "lines": [_line(row) for row in page.rows],
        "view": query["view"],
        "tabs": _tabs(query["view"]),
        "bar": _bar(query),
        "narrowed": any(query[name] for name in ("q", "reason", "department")),
        "clear_url": _address({"view": query["view"]}),
        **page.addresses(lambda cursor: _address({**query, "cursor": cursor})),
    }
    return render(request, "audit/list.html", context)


def _found(query: dict[str, str]) -> QuerySet[Declaration]:
    found = with_reasons(records(query["view"])).prefetch_related("reviews__auditor")
    if query["q"]:
        found = found.filter(search_condition(query["q"]))
    if query["reason"] in MUST:
        found = found.filter(MUST[query["reason"]])
    if (department := number(query["department"])) is not None:
        found = found.filter(department=department)
    return found


def _line(row: Declaration) -> dict[str, Any]:
    review = max(row.reviews.all(), key=lambda review: review.pk, default=None)
    return {
        "record": row,
        "url": reverse("audit-record", args=[row.number]),
        "reasons": [str(REASONS[reason]) for reason in obligatory_reasons(row)],
        "review": review,
        "mark": (Review.State(review.state).label, *LOOKS[Review.State(review.state)]) if review else None,
    }


def _tabs(view: str) -> list[dict[str, Any]]:
    names = {
        "": _("Must be reviewed"),
        "going": _("Being reviewed"),
        "findings": _("Findings to settle"),
        "all": _("All not reviewed"),
        "done": pgettext("audit", "Reviewed"),
    }
    return [
        {"label": label, "url": _address({"view": name}), "count": _count(name), "current": name == view}
        for name, label in names.items()
    ]


def _count(view: str) -> str:
    """How many, bounded."""
    number = records(view).order_by()[: MANY + 1].count()
    return str(number) if number <= MANY else f"{MANY:,}+"


def _bar(query: dict[str, str]) -> dict[str, Any]:
    places = [(str(each.pk), str(each)) for each in departments()]
    filters = [
        ("reason", _("Why"), [(key, str(REASONS[key])) for key in MUST]),
        ("department", _("Department"), places),
    ]
    return {
        "url": reverse("audit"),
        "q": query["q"],
        "hidden": {name: query[name] for name in ("view", "reason", "department") if query[name]},
        "chips": [
            {"label": label, "value": dict(options).get(query[name], ""), "remove_url": _address({**query, name: ""})}
            for name, label, options in filters
            if query[name]
        ],
        "filters": [
            {
                "label": label,
                "options": [
                    {"label": word, "url": _address({**query, name: key}), "selected": False} for key, word in options
                ],
            }
            for name, label, options in filters
            if not query[name]
        ],
        "clear_url": _address({"view": query["view"]}),
    }


def _address(query: dict[str, str]) -> str:
    parameters = {name: value for name, value in query.items() if value}
    return reverse("audit") + (f"?{urlencode(parameters)}" if parameters else "")
