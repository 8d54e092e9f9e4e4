"""One article, and what may be done with it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from knowledge import access, queries
from knowledge.views.common import leaf_name, leaves, mark_of
from knowledge.views.steps import offered
from knowledge.views.writing import may_revise


@require_GET
@login_required
def article(request: DeskRequest, code: str, label: str = "") -> HttpResponse:
    """One article as its current version, or the version `label`, says it."""
    found = access.article_for_reading(request.actor, code)
    reading = queries.reading(found, label) if found else None
    if found is None or reading is None:
        raise Http404(_("No such article, or not yours to see."))
    known = leaves()
    context = {
        "reading": reading,
        "mark": mark_of(reading.article),
        "steps": offered(request.actor, found) if reading.is_current else [],
        "may_revise": may_revise(request.actor, found),
        "categories": [leaf_name(known, leaf) for leaf in reading.content["categories"]],
    }
    return render(request, "knowledge/article.html", context)
