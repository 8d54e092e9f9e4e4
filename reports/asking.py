"""What a reader asks, with the figures that answer it: the same for the page, its table as a file, and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from base.clock import now
from reports.access import customers, require_read
from reports.figures import Sums
from reports.forms import FiguresForm
from reports.lines import By, FigureLine, lines
from reports.queries.counting import Asked
from reports.queries.names import named
from reports.queries.sla import cells


@dataclass(frozen=True)
class Answer:
    """The figures of what was asked, as a whole and divided."""

    asked: Asked
    by: By
    at: datetime
    total: Sums
    lines: list[FigureLine]


def form_of(actor: Actor, query: Mapping[str, str]) -> FiguresForm:
    """The filters as given, with what this reader may choose; raises NotPermitted. One statement."""
    require_read(actor)
    return FiguresForm(query, customers=list(customers(actor)), at=now())


def answer(actor: Actor, form: FiguresForm) -> Answer:
    """The figures that a valid form asks for; one statement."""
    found = cells(actor, form.asked, form.at)
    by = By(form.cleaned_data["by"] or By.MONTH)
    names = named(found, form.customers)
    return Answer(
        asked=form.asked,
        by=by,
        at=form.at,
        total=sum((cell.sums for cell in found), Sums()),
        lines=lines(by, found, form.asked.period, *names),
    )
