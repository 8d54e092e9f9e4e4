"""The form in one language, as both renderings print it: which cells stand side by side and what they say."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ledger.canonical import canonical, digest
from record_form.catalogue import PAIRS
from record_form.printable import clean
from record_form.structure import FormLine, FormRow, LedgerHead, Piece, RecordForm, Section

CHINA = ZoneInfo("Asia/Shanghai")
# What fits into half the width: so many full-width characters a line, and lines that still look like a short answer.
CHARACTERS, LINES = 16, 4
# Names, dates and numbers up to this width are not broken.
WHOLE = 12


@dataclass(frozen=True)
class Shown:
    """A piece as it prints: `style` is text, whole (not broken), mono or box; `name` stands in front of it."""

    text: str
    style: str = "text"
    name: str = ""
    ticked: bool = False


ShownLine = list[Shown]


@dataclass(frozen=True)
class SheetCell:
    """A row of the form as it prints; `note` says that there is nothing, or nothing yet."""

    number: int
    key: str
    label: str
    detail: str
    note: str = ""
    lines: list[ShownLine] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    wide: list[bool] = field(default_factory=list)
    cells: list[list[ShownLine]] = field(default_factory=list)
    signature: str = ""

    @property
    def is_short(self) -> bool:
        """Whether half the width of the page is enough."""
        if self.cells or self.signature:
            return False
        return sum(math.ceil(_width(line) / CHARACTERS) for line in self.lines) <= LINES


@dataclass(frozen=True)
class SheetPart:
    """A section as it prints: lines of one or two cells."""

    numeral: str
    title: str
    clause: str
    lines: list[list[SheetCell]]


@dataclass(frozen=True)
class Frame:
    """Head and foot of every page (R-DC-1, R-DC-4); `page` and `continued` are patterns."""

    title: str
    number: str
    continued: str
    procedure: str
    control: str
    document: str
    printed: str
    page: str
    check: str


@dataclass(frozen=True)
class Sheet:
    """All that a rendering needs."""

    language: str
    frame: Frame
    parts: list[SheetPart]


def sheet(
    form: RecordForm,
    *,
    printed_by: str,
    printed_at: datetime,
    ledger_head: LedgerHead | None = None,
    is_intact: bool = True,
) -> Sheet:
    """The form in the active language. `is_intact` is whether a filed form still has the hash of its filing."""
    return Sheet(
        language="en" if _is_english() else "zh",
        frame=_frame(form, printed_by, printed_at, ledger_head, is_intact),
        parts=[part(section) for section in form.sections],
    )


def _frame(form: RecordForm, printed_by: str, printed_at: datetime, head: LedgerHead | None, is_intact: bool) -> Frame:
    heading = form.heading
    content = digest(canonical(form.frozen.as_data()))
    codes = [_("Content check %(code)s") % {"code": _short(content, 8)}] if is_intact else [_not_intact()]
    if head is not None:
        codes.append(_("ledger check %(code)s") % {"code": _short(head.hash, 8)})
    return Frame(
        title=str(heading.title),
        number=form.number,
        continued=pgettext("form", "(continued)"),
        procedure=_("Procedure no.: %(number)s   Version: %(version)s")
        % {"number": heading.procedure_number, "version": heading.version},
        control=_("%(status)s   Confidentiality: %(level)s")
        % {"status": heading.controlled_status, "level": heading.confidentiality},
        document=_("%(procedure)s %(version)s   issued %(issued)s   in force since %(date)s   %(issuer)s")
        % {
            "procedure": heading.procedure,
            "version": heading.version,
            "issued": heading.issued_on,
            "date": heading.effective_on,
            "issuer": heading.issuer,
        },
        printed=_("Printed by %(name)s   %(time)s   Printed copies are not controlled")
        % {"name": clean(printed_by), "time": _time(printed_at)},
        page=pgettext("form", "Page {page} of {total}"),
        check="   ".join(codes),
    )


def _not_intact() -> str:
    return _("The content does not have the hash of its filing")


def part(section: Section) -> SheetPart:
    """One section in the active language."""
    cells = {row.number: _cell(row) for row in section.rows}
    return SheetPart(
        section.numeral, str(section.title), section.clause.replace(" ", "\u2003"), list(_side_by_side(cells))
    )


def _side_by_side(cells: dict[int, SheetCell]) -> Iterator[list[SheetCell]]:
    waiting = dict(cells)
    for number, cell in cells.items():
        if waiting.pop(number, None) is None:
            continue
        partner = waiting.get(PAIRS.get(number, 0))
        if partner is not None and cell.is_short and partner.is_short:
            yield [cell, waiting.pop(partner.number)]
        else:
            yield [cell]


def _cell(row: FormRow) -> SheetCell:
    note = {
        "open": pgettext("form", "To be filled in"),
        "none": pgettext("form", "None"),
        "absent": pgettext("form", "Not applicable"),
    }
    empty = row.state in ("none", "absent")
    lines = [] if empty else [_line(line) for line in row.lines]
    table = [[_line(cell) for cell in cells] for cells in row.cells]
    return SheetCell(
        number=row.number,
        key=row.key,
        label=str(row.label),
        detail=str(row.detail),
        note=note.get(row.state, ""),
        lines=lines,
        columns=[str(column) for column in row.columns] if row.cells else [],
        wide=_wide(table),
        cells=table,
        signature=str(row.signature) if row.signature else "",
    )


def _wide(table: list[list[ShownLine]]) -> list[bool]:
    """Which columns share the width that is left: those with long texts, or else the last."""
    wide = [max(map(_width, column)) > CHARACTERS for column in zip(*table, strict=True)]
    return wide if any(wide) else [*wide[:-1], True] if wide else []


def _line(line: FormLine) -> ShownLine:
    return [_shown(piece) for piece in line]


def _shown(piece: Piece) -> Shown:
    name = clean(piece.get("name_en", "") if _is_english() else piece.get("name_zh", ""))
    if "hash" in piece:
        # Row 56 prints half of its code, a file the beginning of it; the whole stands in the frozen form.
        return Shown(_short(piece["hash"], 32 if "code" in piece else 16), "mono", name)
    if "ticked" in piece:
        return Shown(_words(piece), "box", name, piece["ticked"])
    words = _words(piece)
    return Shown(words, "whole" if _text_width(words) <= WHOLE else "text", name)


def _words(piece: Piece) -> str:
    if "at" in piece:
        instant = parse_datetime(piece["at"])
        return _time(instant) if instant else piece["at"]
    if "on" in piece:
        return piece["on"]
    return clean(piece["text"] if "text" in piece else piece["en" if _is_english() else "zh"])


def _time(instant: datetime) -> str:
    return f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _short(sha256: str, signs: int) -> str:
    """The beginning of a hash in groups of four."""
    return " ".join(sha256[start : start + 4] for start in range(0, signs, 4))


def _width(line: Iterable[Shown]) -> float:
    """In full-width characters; a line end in a text counts as a whole line."""
    return sum(1 + _text_width(shown.name) + _text_width(shown.text) for shown in line)


def _text_width(text: str) -> float:
    wide = sum(unicodedata.east_asian_width(sign) in "WFA" for sign in text)
    return wide + (len(text) - wide) / 2 + text.count("\n") * CHARACTERS


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
