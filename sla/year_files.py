"""Reads the holidays of a year from a file: the JSON of the published data sets, or CSV as spreadsheets write it."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sla.models import CalendarDay

MOST_BYTES = 64 * 1024
MOST_ROWS = 800
LONGEST_NAME = 60
SATURDAY = 5
# Spreadsheets write the midnight behind a date that they know as one.
DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?", re.ASCII
)
NO_SIGN = re.compile("[\x00\ud800-\udfff]")
COLUMNS = {
    "date": ("date", "日期"),
    "name": ("name", "名称", "节日", "说明"),
    "off": ("isoffday", "是否放假", "是否休息", "放假", "类型"),
}
OFF = frozenset({"true", "1", "yes", "y", "off", "是", "休", "放假", "休息", "节假日"})
WORKING = frozenset({"false", "0", "no", "n", "work", "否", "班", "上班", "补班", "工作日"})
# Said of the day off as well as of the day that is worked for it.
AMBIGUOUS = frozenset({"调休", "调", "换休"})
Row = tuple[int, Mapping[str, object]]


@dataclass(frozen=True)
class CalendarEntry:
    """A date that differs: a day off, or a make-up day with the hours of a normal working day."""

    date: date
    kind: CalendarDay.Kind
    name: str = ""


@dataclass(frozen=True)
class RowError:
    """What is wrong in which row; row 0 is the file as a whole."""

    row: int
    sentence: str


@dataclass(frozen=True)
class YearFile:
    """What a file says of one year and of the days beside it, which notices of a year at times move too.

    `questions` are rows that can be read and are probably not meant.
    """

    entries: list[CalendarEntry] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    questions: list[RowError] = field(default_factory=list)


def decoded(content: bytes) -> str:
    """The text in UTF-8, else in GB18030. Raises `ValueError` with a sentence if it is too big or neither."""
    if len(content) > MOST_BYTES:
        raise ValueError(_("The file is larger than 64 KB. Choose a file with the holidays of one year."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError(_("The file is neither UTF-8 nor GB18030 text. Save it as CSV or JSON and choose it again."))


def require_near(day: date, year: int) -> None:
    """A notice for a year also moves days at both its ends, and no others. Raises `ValueError` with a sentence."""
    if not date(year - 1, 12, 1) <= day <= date(year + 1, 1, 31):
        sentence = _("%(day)s does not belong to %(year)d. Load it with its own year.")
        raise ValueError(sentence % {"day": day, "year": year})


def read_year(text: str, year: int) -> YearFile:
    """Every row of the file, what is wrong with it, and what to ask about it."""
    try:
        rows = list(_rows(text, year))
    except ValueError as error:
        return YearFile(errors=[RowError(0, str(error))])
    entries: dict[date, CalendarEntry] = {}
    errors, questions = [], []
    for number, row in rows:
        try:
            entry = _entry(row)
            require_near(entry.date, year)
            if entry.date in entries:
                raise ValueError(_("%(day)s stands in the file twice.") % {"day": entry.date})
        except ValueError as error:
            errors.append(RowError(number, str(error)))
            continue
        entries[entry.date] = entry
        if entry.kind == CalendarDay.Kind.MAKE_UP and entry.date.weekday() < SATURDAY:
            questions.append(RowError(number, _on_weekday(entry.date)))
    if not errors and not any(day.year == year for day in entries):
        errors.append(RowError(0, _("The file has no day of %(year)d.") % {"year": year}))
    return YearFile(list(entries.values()), errors, questions)


def _on_weekday(day: date) -> str:
    sentence = _("%(day)s is a %(weekday)s. Make-up days fall on weekends: is a day off meant?")
    return sentence % {"day": day, "weekday": date_format(day, "l")}


def _rows(text: str, year: int) -> Iterator[Row]:
    if "\x00" in text:
        raise ValueError(_("The file is no text. Save it as CSV or JSON and choose it again."))
    return _limited(_json_rows(text, year) if text.lstrip()[:1] in ("[", "{") else _csv_rows(text))


def _limited(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count == MOST_ROWS:
            raise ValueError(_("The file has more than %(count)d rows.") % {"count": MOST_ROWS})
        yield row


def _json_rows(text: str, year: int) -> Iterator[Row]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(_("Line %(line)d is no JSON.") % {"line": error.lineno}) from error
    except (ValueError, RecursionError) as error:
        raise ValueError(_("The file is no JSON that can be read.")) from error
    days = found.get("days") if isinstance(found, dict) else found
    stated = found.get("year", year) if isinstance(found, dict) else year
    if str(stated) != str(year):
        sentence = _(
            "The file says that it is of %(other)s, and %(year)d is loaded here. Choose the file of that year."
        )
        raise ValueError(sentence % {"other": str(stated)[:20], "year": year})
    if not isinstance(days, list):
        raise ValueError(_("The file needs a list of days, each with date, name and isOffDay."))
    for number, each in enumerate(days, start=1):
        if isinstance(each, dict):
            yield number, {"date": each.get("date"), "name": each.get("name", ""), "off": each.get("isOffDay")}
        else:
            yield number, {}


def _csv_rows(text: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    try:
        places = _places(next(lines, []))
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield lines.line_num, {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
    except csv.Error as error:
        raise ValueError(_("Line %(line)d is no CSV.") % {"line": lines.line_num}) from error


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max((",", ";", "\t", ","), key=head.count)


def _places(head: list[str]) -> dict[str, int]:
    """Which column is which, by the names of the first line."""
    names = [unicodedata.normalize("NFKC", cell).strip().lower() for cell in head]
    found = {
        column: names.index(known) for column, all_known in COLUMNS.items() for known in all_known if known in names
    }
    if not {"date", "off"} <= found.keys():
        raise ValueError(_("The first line must name the columns date, name and isOffDay (日期, 名称, 是否放假)."))
    return found


def _entry(row: Mapping[str, object]) -> CalendarEntry:
    kind = CalendarDay.Kind.DAY_OFF if _is_off(row.get("off")) else CalendarDay.Kind.MAKE_UP
    name = _text(row.get("name"))
    if len(name) > LONGEST_NAME:
        raise ValueError(_("The name is longer than %(count)d characters.") % {"count": LONGEST_NAME})
    return CalendarEntry(parse_date(_text(row.get("date"))), kind, name)


def _text(value: object) -> str:
    """A cell in words. JSON can spell signs that are none, and that neither page nor database takes."""
    text = str(value or "").strip()
    if NO_SIGN.search(text):
        raise ValueError(_("The file is no text. Save it as CSV or JSON and choose it again."))
    return text


def _is_off(value: object) -> bool:
    word = unicodedata.normalize("NFKC", str(value)).strip().lower()
    if word in OFF or word in WORKING:
        return word in OFF
    if word in AMBIGUOUS:
        sentence = _("“%(word)s” may be a day off or the working day in its place. Write 放假 or 补班.")
        raise ValueError(sentence % {"word": word})
    raise ValueError(_("isOffDay must be true (day off) or false (make-up working day)."))


def parse_date(text: str) -> date:
    """A date as 2012-03-08, 2012-3-8, 2012/3/8 or 2012年3月8日. Raises `ValueError` with a sentence."""
    match = DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    try:
        return date(*(int(part) for part in match.groups())) if match else date.fromisoformat("")
    except ValueError as error:
        raise ValueError(_("“%(text)s” is no date; write 2026-10-01.") % {"text": text[:20]}) from error
