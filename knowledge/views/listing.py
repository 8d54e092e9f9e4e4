"""The list of articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from base import paging
from knowledge import access, queries
from knowledge.models import KnowledgeArticle
from knowledge.views.common import LOOKS, leaf_name, leaves, mark_of
from procedure.queries import Leaf

PAGE = paging.SIZE
BY_NUMBER = paging.Order("code")


@require_GET
@login_required
def knowledge(request: DeskRequest) -> HttpResponse:
    """One page of the list, by number, narrowed by words, category and status."""
    query = {name: request.GET.get(name, "")[:200] for name in ("q", "category", "status")}
    found = queries.article_list(request.actor, text=query["q"], leaf=query["category"], status=query["status"])
    page, known = paging.page(found, BY_NUMBER, request.GET.get("cursor", ""), size=PAGE), leaves()
    context = {
        "rows": [_row(article, known) for article in page.rows],
        "bar": _bar(query, known),
        "narrowed": any(query.values()),
        "may_write": access.may_write(request.actor),
        **page.addresses(lambda cursor: _address({**query, "cursor": cursor})),
    }
    return render(request, "knowledge/list.html", context)


def _row(article: KnowledgeArticle, known: Mapping[str, Leaf]) -> dict[str, Any]:
    return {
        "article": article,
        "url": reverse("article", args=[article.code]),
        "mark": mark_of(article),
        "categories": [leaf_name(known, leaf) for leaf in article.categories],
    }


def _bar(query: dict[str, str], known: Mapping[str, Leaf]) -> dict[str, Any]:
    statuses = [(status.value, str(status.label)) for status in LOOKS]
    filters = [
        ("category", _("Category"), [(code, str(leaf.name)) for code, leaf in known.items()]),
        ("status", _("Status"), statuses),
    ]
    return {
        "url": reverse("knowledge"),
        "q": query["q"],
        "hidden": {name: query[name] for name in ("category", "status") if query[name]},
        "chips": [_chip(query, *named) for named in filters if query[named[0]]],
        "filters": [_filter(query, *named) for named in filters if not query[named[0]]],
        "clear_url": reverse("knowledge"),
    }


def _chip(query: dict[str, str], name: str, label: str, options: Iterable[tuple[str, str]]) -> dict[str, str]:
    value = dict(options).get(query[name], query[name])
    return {"label": label, "value": value, "remove_url": _address({**query, name: ""})}


def _filter(query: dict[str, str], name: str, label: str, options: Iterable[tuple[str, str]]) -> dict[str, Any]:
    links = [{"label": word, "url": _address({**query, name: code}), "selected": False} for code, word in options]
    return {"label": label, "options": links}


def _address(query: dict[str, str]) -> str:
    set_ones = {name: value for name, value in query.items() if value}
    return reverse("knowledge") + (f"?{urlencode(set_ones)}" if set_ones else "")
