"""The figures as numbers, as charts with their table, and the misses by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from incidents.models import Declaration
from reports.asking import Answer, answer, form_of
from reports.figures import Figure, Rate, Sums
from reports.lines import EARLIER, By, FigureLine
from reports.queries.records import RecordsPart, worst
from reports.views import addresses
from reports.words import DEFINITIONS, NAMES
from sla.queries import time_left

MOST_BARS = 12
MOST_MISSES = 5


@dataclass(frozen=True)
class Shown:
    """A rate with the addresses of the records that it counts; an empty one leads nowhere."""

    figure: str
    name: str
    rate: Rate
    counted_url: str
    kept_url: str
    missed_url: str

    @property
    def words(self) -> str:
        """What stands at its bar."""
        if not self.rate.denominator:
            return self.rate.words
        # Translators: a rate with what it is made of, at a bar of a chart.
        return pgettext("rate", "%(percent)s (%(numerator)s/%(denominator)s)") % {
            "percent": self.rate.words,
            "numerator": self.rate.numerator,
            "denominator": self.rate.denominator,
        }


@dataclass(frozen=True)
class FigureRow:
    """A line of the table; only what can have a rate is `drawn`."""

    label: str
    drawn: bool
    url: str
    rates: list[Shown]
    overdue: int
    overdue_url: str


@require_GET
@login_required
def overview(request: DeskRequest) -> HttpResponse:
    """The figures that the address asks for; what cannot be asked is said above the filters, with status 422."""
    actor = request.actor
    form = form_of(actor, request.GET.dict())
    if not form.is_valid():
        return render(request, "reports/overview.html", {"form": form, "clear_url": reverse("reports")}, status=422)
    found, query = answer(actor, form), addresses.asked_for(form)
    context = {
        "form": form,
        "at": found.at,
        "total": _row(FigureLine("", "", found.total), query),
        "divisions": _divisions(found, query),
        "division": found.by.label,
        "rows": [_row(line, query) for line in found.lines],
        "sideways": found.by != By.MONTH,
        "most_bars": MOST_BARS,
        "misses": [_miss(row, found) for row in worst(actor, found.asked, found.at, MOST_MISSES)],
        "most_misses": MOST_MISSES,
        "late": found.total.resolution.missed + found.total.overdue,
        "definitions": [(NAMES[key], text) for key, text in DEFINITIONS.items()],
        "files": [
            ("Excel (XLSX)", "table", addresses.table(query, "xlsx")),
            ("CSV", "file-text", addresses.table(query, "csv")),
        ],
        "clear_url": reverse("reports") if _is_narrowed(form.data) else "",
    }
    return render(request, "reports/overview.html", context)


def _is_narrowed(query: Mapping[str, str]) -> bool:
    return any(query.get(name) for name in ("department", "customer", "level"))


def _divisions(found: Answer, query: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": each.label,
            "url": addresses.figures(query, by=each.value),
            "current": each == found.by,
            "count": None,
        }
        for each in By
    ]


def _row(line: FigureLine, query: Mapping[str, str]) -> FigureRow:
    narrowed = {**query, **line.filters}
    return FigureRow(
        label=line.label,
        drawn=line.key != EARLIER,
        url=addresses.figures(narrowed, by=By.MONTH) if line.filters and line.key != EARLIER else "",
        rates=[_shown(figure, line.sums, narrowed) for figure in Figure],
        overdue=line.sums.overdue,
        overdue_url=addresses.records(
            narrowed, Figure.RESOLUTION, RecordsPart.FELL_DUE if line.month else RecordsPart.OVERDUE
        ),
    )


def _shown(figure: Figure, sums: Sums, query: Mapping[str, str]) -> Shown:
    urls = (
        addresses.records(query, figure, part) for part in (RecordsPart.COUNTED, RecordsPart.KEPT, RecordsPart.MISSED)
    )
    return Shown(figure.value, str(NAMES[figure]), getattr(sums, figure.value), *urls)


def _miss(row: Declaration, found: Answer) -> dict[str, Any]:
    clock = row.resolution_clock
    return {
        "record": row,
        "url": reverse("record", args=[row.number]),
        "time_left": time_left(clock, found.at) if clock else None,
    }
