"""The figures as a table for spreadsheets: the same numbers as on the page, with their definitions beside them."""

from __future__ import annotations

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actors import Actor
from files.tables import Cell, Column, Table
from reports.asking import Answer
from reports.figures import Figure, Rate, Sums
from reports.queries.records import RecordsPart
from reports.words import DEFINITIONS, NAMES, PARTS


def table(found: Answer, *, actor: Actor) -> Table:
    """A line for each part and one for all; the notes say who took it when, for which months, and how it is counted."""
    rows = [(line.label, line.sums) for line in found.lines]
    period = found.asked.period
    taken = {"name": actor.user.name if actor.user else "", "time": f"{localtime(found.at):%Y-%m-%d %H:%M}"}
    return Table(
        title=_("Reports"),
        columns=[Column(str(found.by.label), 24), *_columns()],
        rows=[[label, *_cells(sums)] for label, sums in [*rows, (_("Total"), found.total)]],
        notes=[
            _("Internal. Exported by %(name)s, %(time)s. Exported copies are not controlled.") % taken,
            _("Months: %(first)s to %(last)s.") % {"first": period.first, "last": period.last},
            *(f"{NAMES[key]}{pgettext('label', ': ')}{text}" for key, text in DEFINITIONS.items()),
        ],
    )


def _columns() -> list[Column]:
    heads: list[object] = []
    for figure in Figure:
        heads += [NAMES[figure], *(PARTS[figure][part] for part in _parts(figure))]
    return [Column(str(head)) for head in heads]


def _parts(figure: Figure) -> list[RecordsPart]:
    return [part for part in PARTS[figure] if part != RecordsPart.FELL_DUE]


def _cells(sums: Sums) -> list[Cell]:
    cells: list[Cell] = []
    for figure in Figure:
        rate: Rate = getattr(sums, figure.value)
        numbers = {
            RecordsPart.COUNTED: rate.denominator,
            RecordsPart.KEPT: rate.numerator,
            RecordsPart.MISSED: rate.missed,
            RecordsPart.OVERDUE: sums.overdue,
        }
        cells += [rate.words, *(numbers[part] for part in _parts(figure))]
    return cells
