"""The pages of the knowledge base; reading only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.actors import local_day
from accounts.requests import DeskRequest
from base import paging
from base.clock import now
from knowledge import access, queries
from knowledge.models import KnowledgeArticle
from procedure.queries import Leaf, NoProcedure, in_force, rules

PAGE = paging.SIZE
BY_NUMBER = paging.Order("code")
LOOKS = {
    KnowledgeArticle.Status.DRAFT: ("grey", "pencil"),
    KnowledgeArticle.Status.IN_REVIEW: ("violet", "hourglass"),
    KnowledgeArticle.Status.VALID: ("green", "circle-check"),
    KnowledgeArticle.Status.EXPIRED: ("amber", "alert-triangle"),
    KnowledgeArticle.Status.WITHDRAWN: ("grey", "circle-minus"),
}


@require_GET
@login_required
def knowledge(request: DeskRequest) -> HttpResponse:
    """One page of the list, by number, narrowed by words, category and status."""
    asked = {name: request.GET.get(name, "")[:200] for name in ("q", "category", "status")}
    found = queries.article_list(request.actor, text=asked["q"], leaf=asked["category"], status=asked["status"])
    page, leaves = paging.page(found, BY_NUMBER, request.GET.get("cursor", ""), size=PAGE), _leaves()
    context = {
        "rows": [_row(article, leaves) for article in page.rows],
        "bar": _bar(asked, leaves),
        "narrowed": any(asked.values()),
        **page.addresses(lambda cursor: _address({**asked, "cursor": cursor})),
    }
    return render(request, "knowledge/list.html", context)


@require_GET
@login_required
def article(request: DeskRequest, code: str, label: str = "") -> HttpResponse:
    """One article as its current version, or the version `label`, says it."""
    found = access.article_for_reading(request.actor, code)
    reading = queries.reading(found, label) if found else None
    if reading is None:
        raise Http404(_("No such article, or not yours to see."))
    leaves = _leaves()
    context = {
        "reading": reading,
        "mark": _mark(reading.article),
        "categories": [_leaf_name(leaves, leaf) for leaf in reading.content["categories"]],
    }
    return render(request, "knowledge/article.html", context)


def _row(article: KnowledgeArticle, leaves: Mapping[str, Leaf]) -> dict[str, Any]:
    return {
        "article": article,
        "url": reverse("article", args=[article.code]),
        "mark": _mark(article),
        "categories": [_leaf_name(leaves, leaf) for leaf in article.categories],
    }


def _mark(article: KnowledgeArticle) -> tuple[str | Promise, str, str]:
    """Word, tone and icon of the status as it is today."""
    status = KnowledgeArticle.Status(article.status)
    if status == status.VALID and not article.usable_on(local_day(now())):
        status = KnowledgeArticle.Status.EXPIRED
    return status.label, *LOOKS[status]


def _leaves() -> Mapping[str, Leaf]:
    try:
        return rules(in_force(local_day(now())).pk).leaves
    except NoProcedure:
        return {}


def _leaf_name(leaves: Mapping[str, Leaf], code: str) -> str:
    """An article may name a leaf of an older tree, which is then shown by its code."""
    return str(leaves[code].name) if code in leaves else code


def _bar(asked: dict[str, str], leaves: Mapping[str, Leaf]) -> dict[str, Any]:
    statuses = [(status.value, str(status.label)) for status in LOOKS]
    filters = [
        ("category", _("Category"), [(code, str(leaf.name)) for code, leaf in leaves.items()]),
        ("status", _("Status"), statuses),
    ]
    return {
        "url": reverse("knowledge"),
        "q": asked["q"],
        "hidden": {name: asked[name] for name in ("category", "status") if asked[name]},
        "chips": [_chip(asked, *named) for named in filters if asked[named[0]]],
        "filters": [_filter(asked, *named) for named in filters if not asked[named[0]]],
        "clear_url": reverse("knowledge"),
    }


def _chip(asked: dict[str, str], name: str, label: str, options: Iterable[tuple[str, str]]) -> dict[str, str]:
    value = dict(options).get(asked[name], asked[name])
    return {"label": label, "value": value, "remove_url": _address({**asked, name: ""})}


def _filter(asked: dict[str, str], name: str, label: str, options: Iterable[tuple[str, str]]) -> dict[str, Any]:
    links = [{"label": word, "url": _address({**asked, name: code}), "selected": False} for code, word in options]
    return {"label": label, "options": links}


def _address(asked: dict[str, str]) -> str:
    set_ones = {name: value for name, value in asked.items() if value}
    return reverse("knowledge") + (f"?{urlencode(set_ones)}" if set_ones else "")
