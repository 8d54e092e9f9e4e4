"""Looks at imports and their plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actors import Actor
from accounts.models import Role, User
from accounts.queries import holders
from base.paging import Order, Page, page
from workbook import access
from workbook.models import Import, PlanRow
from workbook.sheets import SHEETS
from workbook.writing.marked import Mistakes, told

LATEST = 20
LARGEST_KEY = 2**31
ROWS = 50


@dataclass(frozen=True)
class SheetCount:
    """How many rows of a sheet would be what."""

    key: str
    title: Promise | str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Cell:
    """A value of a planned row as its reader sees it; `before` of one that changes, `mistake` of one that is wrong."""

    column: str
    heading: Promise | str
    value: str
    before: str = ""
    mistake: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a plan as the page shows it."""

    row: PlanRow
    sheet: Promise | str
    cells: Sequence[Cell]
    mistakes: Sequence[str]


def latest(actor: Actor) -> list[Import]:
    """The imports that were begun last; one statement by the primary key."""
    return list(access.imports(actor).order_by("-pk")[:LATEST])


def found_import(actor: Actor, key: int) -> Import | None:
    """The import with that key, where the person may see it; one statement."""
    return access.imports(actor).filter(pk=key).first() if key < LARGEST_KEY else None


def counts_of(found: Import) -> list[SheetCount]:
    """The sheets of the file with what their rows would be; no query."""
    return [
        SheetCount(key, SHEETS[key].title if key in SHEETS else _("The file"), found.counts[key])
        for key in ("", *SHEETS)
        if key in found.counts
    ]


def lines(found: Import, *, outcome: str = "", sheet: str = "", cursor: str = "") -> Page[Line]:
    """One page of the plan in the order in which it is carried out, some of its rows; one statement."""
    rows = found.rows.all()
    if outcome:
        rows = rows.filter(outcome=outcome)
    if sheet:
        rows = rows.filter(sheet=sheet)
    return page(rows, Order("pk"), cursor, size=ROWS).showing(line_of)


def line_of(row: PlanRow) -> Line:
    """The row in words."""
    if row.sheet not in SHEETS:
        return Line(row, row.label or _("The file"), [], [sentence for _column, sentence in row.mistakes])
    sheet, wrong = SHEETS[row.sheet], dict(row.mistakes)
    cells = [_cell(row, column.key, wrong) for column in sheet.columns if _is_told(row, column.key, wrong)]
    whole = [sentence for column, sentence in row.mistakes if not column]
    return Line(row, sheet.title, cells, whole)


def row_to_mend(found: Import, sheet: str, row: int, *, typed: Collection[str] = ()) -> PlanRow | None:
    """The row of a sheet of ours as the plan has it, if it is refused; one statement.

    With the columns that were typed into a page of an older plan: whatever became of the row, with these columns.
    """
    if sheet not in SHEETS or row >= LARGEST_KEY:
        return None
    planned = next((each for each in found.rows.filter(sheet=sheet, row=row) if each.values), None)
    if not typed:
        return planned if planned and planned.outcome == PlanRow.Outcome.REFUSED else None
    planned = planned or PlanRow(plan=found, sheet=sheet, row=row, outcome=PlanRow.Outcome.REFUSED, values={})
    columns = [column.key for column in SHEETS[sheet].columns if column.key in typed]
    planned.values = {column: planned.values.get(column, "") for column in columns}
    return planned if columns else None


def mistakes_by_row(found: Import) -> dict[str, Mistakes]:
    """Everything that is wrong, by sheet and row; one statement over the refused rows."""
    rows = found.rows.filter(outcome=PlanRow.Outcome.REFUSED).values_list("sheet", "row", "mistakes")
    by_sheet: dict[str, dict[int, Sequence[tuple[str, str]]]] = defaultdict(dict)
    for sheet, row, mistakes in rows.iterator():
        by_sheet[sheet][row] = [(column, sentence) for column, sentence in mistakes]
    return dict(by_sheet)


def sentences(found: Import) -> Iterator[str]:
    """The plan for a shell: counts by sheet, then everything that is wrong."""
    words = {**dict(PlanRow.Outcome.choices[:2]), "same": _("The same"), "refused": PlanRow.Outcome.REFUSED.label}
    colon = pgettext("label", ": ")
    for each in counts_of(found):
        yield f"{each.title}{colon}" + _(", ").join(
            f"{word} {each.counts.get(name, 0)}" for name, word in words.items()
        )
    refused: QuerySet[PlanRow] = found.rows.filter(outcome=PlanRow.Outcome.REFUSED)
    for row in refused.iterator():
        sheet = SHEETS.get(row.sheet)
        for column, sentence in row.mistakes:
            said = told(sheet, column, sentence) if sheet else sentence
            where = {"sheet": sheet.title if sheet else row.label or _("The file"), "row": row.row}
            yield _("%(sheet)s, row %(row)d: %(sentence)s") % {**where, "sentence": said}


def administrators() -> list[User]:
    """Who may import; two statements."""
    return holders(Role.ADMINISTRATOR)


def _is_told(row: PlanRow, column: str, wrong: Mapping[str, str]) -> bool:
    """Of a row that changes, what changes; of others, what is filled in or wrong."""
    if row.outcome == PlanRow.Outcome.CHANGED:
        return column in row.before
    return bool(row.values.get(column)) or column in wrong


def _cell(row: PlanRow, key: str, wrong: Mapping[str, str]) -> Cell:
    column, value = SHEETS[row.sheet].column(key), row.values.get(key, "")
    if row.outcome == PlanRow.Outcome.REFUSED:
        return Cell(key, column.heading, value, mistake=wrong.get(key, ""))
    return Cell(key, column.heading, column.shown(value), before=column.shown(row.before.get(key, "")))
