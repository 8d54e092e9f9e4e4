"""Addresses of the figures and of the records that they count, each with all that was asked."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from reports.figures import Figure
from reports.forms import FiguresForm
from reports.queries.records import RecordsPart


def asked_for(form: FiguresForm) -> dict[str, str]:
    """What a form asks for, as parameters of an address."""
    parameters = ((name, str(form.cleaned_data.get(name) or "")) for name in form.fields)
    return {name: value for name, value in parameters if value}


def figures(query: Mapping[str, str], **changed: str) -> str:
    """The page of the figures."""
    return _with(reverse("reports"), {**query, **changed})


def records(query: Mapping[str, str], figure: Figure, part: RecordsPart, **changed: str) -> str:
    """The records that a figure counts."""
    return _with(reverse("reports-records"), {**query, "figure": figure, "part": part, **changed})


def table(query: Mapping[str, str], kind: str) -> str:
    """The table of the figures as a file of that kind."""
    return _with(reverse("reports-table", args=[kind]), query)


def _with(address: str, parameters: Mapping[str, str]) -> str:
    return f"{address}?{urlencode({name: value for name, value in parameters.items() if value})}"
