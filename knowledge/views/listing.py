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
    asked = {name: request.GET.get(name, "")[:200] for name in ("q", "category", "status")}
    found = queries.article_list(request.actor, text=asked["q"], leaf=asked["category"], status=asked["status"])
    page, known = paging.page(found, BY_NUMBER, request.GET.get("cursor", ""), size=PAGE), leaves()
    context = {
        "rows": [_row(article, known) for article in page.rows],
        "bar": _bar(asked, known),
        "narrowed": any(asked.values()),
        "may_write": access.may_write(request.actor),
        **page.addresses(lambda cursor: _address({**asked, "cursor": cursor})),
    }
    return render(request, "knowledge/list.html", context)


def _row(article: KnowledgeArticle, known: Mapping[str, Leaf]) -> dict[str, Any]:
    return {
        "article": article,
        "url": reverse("article", args=[article.code]),
        "mark": mark_of(article),
        "categories": [leaf_name(known, leaf) for leaf in article.categories],
    }


def _bar(asked: dict[str, str], known: Mapping[str, Leaf]) -> dict[str, Any]:
    statuses = [(status.value, str(status.label)) for status in LOOKS]
    filters = [
        ("category", _("Category"), [(code, str(leaf.name)) for code, leaf in known.items()]),
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
