"""How the workbook looks: headings, drop-downs, samples, and the sheet that explains it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from files.tables import LINE_END, UNWRITABLE
from sla.models import Calendar
from workbook.columns import Choice, Column, Day, Lines, Reference, Text
from workbook.known import leaf_codes
from workbook.reading.book import MARK, PROBLEM, SAMPLE, letter
from workbook.sheets import SHEETS, Sheet, Values

LISTS, LAST = "lists", 20_000
TEXT, DATE = "@", "yyyy-mm-dd"
HEADING = PatternFill("solid", fgColor="DCE6F2")
NEEDED = PatternFill("solid", fgColor="B8CCE4")
WRONG = PatternFill("solid", fgColor="FFC7CE")
BOLD, QUIET = Font(bold=True), Font(italic=True, color="808080")
WRAPPED = Alignment(wrap_text=True, vertical="top")


class Lists:
    """The hidden sheet from which drop-downs are filled: a column for each set of words."""

    def __init__(self) -> None:
        self.columns: dict[str, list[str]] = {}

    def name(self, key: str, words: Sequence[str]) -> str:
        """Where the words will stand."""
        self.columns.setdefault(key, list(words))
        position = list(self.columns).index(key)
        return f"{LISTS}!${letter(position)}$1:${letter(position)}${max(1, len(words))}"

    def write(self, book: Workbook) -> None:
        sheet = book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        longest = max(map(len, self.columns.values()), default=0)
        for row in range(longest):
            sheet.append([_text(sheet, words[row] if row < len(words) else "") for words in self.columns.values()])


def begin(book: Workbook, sheet: Sheet, lists: Lists, *, problems: bool) -> WriteOnlyWorksheet:
    """A sheet with widths, drop-downs and headings; what must be filled in is darker."""
    made: WriteOnlyWorksheet = book.create_sheet(str(sheet.title))
    made.freeze_panes = "B2"
    widths = [8, *(column.width for column in sheet.columns), *([48] if problems else [])]
    for position, width in enumerate(widths):
        made.column_dimensions[letter(position)].width = width
    for position, column in enumerate(sheet.columns, 1):
        if (formula := _offered(sheet, column, lists)) is not None:
            _drop_down(made, letter(position), formula, free=isinstance(column, Reference | Lines))
    heads = [(MARK, False), *((column.heading, column.required) for column in sheet.columns)]
    heads += [(PROBLEM, False)] if problems else []
    made.append([_head(made, str(heading), needed) for heading, needed in heads])
    return made


def sample_row(made: WriteOnlyWorksheet, sheet: Sheet) -> list[WriteOnlyCell]:
    """A row that shows how it is meant and is skipped."""
    cells = [_text(made, str(SAMPLE)), *(cell_of(made, column, sheet.sample) for column in sheet.columns)]
    for cell in cells:
        cell.font = QUIET
    return cells


def cell_of(made: WriteOnlyWorksheet, column: Column, values: Values) -> WriteOnlyCell:
    """A value as its column shows it: dates as dates, everything else as text, whatever it looks like."""
    value = values.get(column.key, "")
    if value and isinstance(column, Day):
        cell = WriteOnlyCell(made, date.fromisoformat(value))
        cell.number_format = DATE
        return cell
    return _text(made, column.shown(value), wrapped=isinstance(column, Text | Lines))


def typed_cell(made: WriteOnlyWorksheet, text: str, *, wrong: bool) -> WriteOnlyCell:
    """A cell as it was typed, coloured where it is wrong."""
    cell = _text(made, text)
    if wrong:
        cell.fill = WRONG
    return cell


def explain(book: Workbook) -> None:
    """The sheet that says how the workbook is meant."""
    sheet = book.create_sheet(_("Read me"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 100
    for first, second in _explanation():
        cell = _text(sheet, first)
        cell.font = BOLD
        sheet.append([cell, _text(sheet, second, wrapped=True)])


def _explanation() -> Iterator[tuple[str, str]]:
    yield _("Moving-in workbook"), _("Fill the sheets in from left to right, and upload the file on the set-up page.")
    yield (
        _("Before anything is written"),
        _("The desk shows row by row what would be new, changed, the same or refused. It writes when you say so."),
    )
    yield _("Samples"), _("A row with the word “Sample” in the first column shows how it is meant, and is skipped.")
    yield _("Keys"), _("Rows name each other by your own codes: a person names the code of the department.")
    yield _("Left out"), _("A row that is not in the file, and a column that you delete, stay on the desk as they are.")
    yield _("Dates and numbers"), _("2026-10-01, 2026/10/1 or 2026年10月1日. Phones and codes are text.")
    yield _("Times"), _("4 hours, 30 working minutes, 2 working days, 1 months.")
    for each in SHEETS.values():
        needed = _(", ").join(str(column.heading) for column in each.columns if column.required)
        yield str(each.title), _("Needed: %(columns)s.") % {"columns": needed} + _hints(each)


def _hints(sheet: Sheet) -> str:
    colon = pgettext("label", ": ")
    return "".join(f"\n{column.heading}{colon}{column.hint}" for column in sheet.columns if column.hint)


def _offered(sheet: Sheet, column: Column, lists: Lists) -> str | None:
    """What the drop-down of a column is filled from."""
    if isinstance(column, Choice):
        return lists.name(f"{sheet.key}.{column.key}", [str(word) for _code, word in column.choices])
    if isinstance(column, Reference):
        return _keys(column.to, lists)
    if column.key == "categories":
        return lists.name("leaves", leaf_codes())
    return None


def _keys(to: str, lists: Lists) -> str:
    """The keys on their own sheet, so that what has just been typed there is offered too."""
    if to not in SHEETS:
        return lists.name(to, list(Calendar.objects.order_by("name").values_list("name", flat=True)))
    title = str(SHEETS[to].title).replace("'", "''")
    return f"'{title}'!$B$2:$B${LAST}"


def _drop_down(made: WriteOnlyWorksheet, column: str, formula: str, *, free: bool) -> None:
    """With `free` other words may be typed as well: keys that the desk has and the file has not."""
    offered = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=not free)
    offered.add(f"{column}2:{column}{LAST}")
    made.data_validations.append(offered)


def _head(made: WriteOnlyWorksheet, heading: str, needed: bool) -> WriteOnlyCell:
    cell = _text(made, heading, wrapped=True)
    cell.font, cell.fill = BOLD, NEEDED if needed else HEADING
    return cell


def _text(made: WriteOnlyWorksheet, text: str, *, wrapped: bool = False) -> WriteOnlyCell:
    """Never a formula: a text that begins with = stays one in the file and in the spreadsheet."""
    text = UNWRITABLE.sub("", LINE_END.sub("\n", text))
    cell = WriteOnlyCell(made, text or None)
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@"
    cell.number_format = TEXT
    if wrapped:
        cell.alignment = WRAPPED
    return cell
