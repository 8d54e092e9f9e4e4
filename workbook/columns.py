"""The columns of the sheets: each reads a cell into a plain text that means the same in every language, and shows it.

A value is empty, or text, a code, a date as 2026-10-01, `yes` or `no`, a number; lists are lines. So rows can be
compared, kept and signed without knowing what they mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from base.phones import is_number, is_one_number, normalised
from base.text import fold
from sla.hours import parse_windows
from sla.wording import windows_typed
from sla.year_files import parse_date
from workbook.cells import Cell, Wrong, shortened, text_of
from workbook.words import ALSO, YES_NO, in_both, meant

ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One line of text. `otherwise` is the value of a row whose cell is empty; `narrow` text is kept without full-width
    signs."""

    key: str
    heading: Promise
    required: bool = False
    longest: int = 200
    width: int = 16
    hint: Promise | str = ""
    otherwise: str = ""
    narrow: bool = False

    def read(self, cell: Cell) -> str:
        """The value in the cell; raises `Wrong`. An empty cell is for `require` to judge."""
        text = text_of(cell)
        if len(text) > self.longest:
            raise Wrong(_("At most %(count)d characters.") % {"count": self.longest})
        return self.value(text) if text else ""

    def value(self, text: str) -> str:
        """The value that a text means, which is not empty."""
        line = " ".join(text.split("\n"))
        return unicodedata.normalize("NFKC", line) if self.narrow else line

    def require(self, value: str) -> str:
        """The value, or what stands for an empty one; raises `Wrong` where a new row must have one."""
        if not value and self.required:
            raise Wrong(_("Fill this in."))
        return value or self.otherwise

    def shown(self, value: str) -> str:
        """The value in the reader's language."""
        return value

    @property
    def headings(self) -> frozenset[str]:
        """The heading in both languages, folded, and the key: each is understood."""
        return frozenset({fold(self.key), *in_both(self.heading)})


@dataclass(frozen=True)
class Text(Column):
    """Several lines of text."""

    longest: int = 20_000
    width: int = 36

    def value(self, text: str) -> str:
        return text


@dataclass(frozen=True)
class Code(Column):
    """A code by which other rows name this one; `narrow` where the desk keeps no full-width signs in it."""

    longest: int = 20
    narrow: bool = True

    def value(self, text: str) -> str:
        return text


@dataclass(frozen=True)
class Lines(Column):
    """Entries one a line."""

    longest: int = 20_000
    width: int = 36
    most: int = 40
    longest_line: int = 300
    # What each entry must be and how it is kept; raises `Wrong`.
    each: Callable[[str], str] = str

    def value(self, text: str) -> str:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if len(lines) > self.most or any(len(line) > self.longest_line for line in lines):
            counts = {"count": self.most, "length": self.longest_line}
            raise Wrong(_("Up to %(count)d lines of %(length)d characters each.") % counts)
        return "\n".join(dict.fromkeys(self.each(line) for line in lines))


@dataclass(frozen=True)
class Phone(Column):
    """A phone number, however it is written."""

    longest: int = 40

    def value(self, text: str) -> str:
        return phone(text)


@dataclass(frozen=True)
class Email(Column):
    longest: int = 254
    width: int = 24

    def value(self, text: str) -> str:
        return address(text)


@dataclass(frozen=True)
class Day(Column):
    """A date, as a date or as text."""

    longest: int = 40

    def value(self, text: str) -> str:
        try:
            return parse_date(text).isoformat()
        except ValueError as error:
            raise Wrong(str(error))


@dataclass(frozen=True)
class Moment(Column):
    """A date and time on the wall clock of China."""

    longest: int = 40

    def value(self, text: str) -> str:
        plain = unicodedata.normalize("NFKC", text).replace("/", "-").replace("T", " ")
        for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
            try:
                found = datetime.strptime(plain, form)  # noqa: DTZ007 a wall clock
            except ValueError:
                continue
            if not 1990 <= found.year <= 2200:
                raise Wrong(_("Check the year of this date."))
            return found.isoformat(" ", "minutes")
        raise Wrong(_("“%(text)s” is no date with a time; write 2026-10-01 09:00.") % {"text": shortened(text)})


@dataclass(frozen=True)
class Choice(Column):
    """One of a few words, in either language."""

    choices: tuple[tuple[str, Promise | str], ...] = ()

    def value(self, text: str) -> str:
        found = meant(self.choices).get(fold(text))
        if found is None:
            words = _(", ").join(str(word) for _code, word in self.choices)
            raise Wrong(_("“%(text)s” is none of these: %(words)s.") % {"text": shortened(text), "words": words})
        return found

    def shown(self, value: str) -> str:
        return str(dict(self.choices).get(value, value))


@dataclass(frozen=True)
class YesNo(Choice):
    choices: tuple[tuple[str, Promise | str], ...] = tuple(YES_NO.items())
    width: int = 10
    otherwise: str = "no"

    def value(self, text: str) -> str:
        return ALSO.get(fold(text)) or super().value(text)


@dataclass(frozen=True)
class Share(Column):
    """A share in percent."""

    width: int = 12

    def value(self, text: str) -> str:
        plain = unicodedata.normalize("NFKC", text).strip().removesuffix("%")
        if not plain.isdecimal() or not 1 <= int(plain) <= 99:
            raise Wrong(_("Write a whole number from 1 to 99."))
        return str(int(plain))


@dataclass(frozen=True)
class Hours(Column):
    """The working hours of a day."""

    width: int = 24

    def value(self, text: str) -> str:
        try:
            return windows_typed(parse_windows(text))
        except ValueError as error:
            raise Wrong(str(error))


@dataclass(frozen=True)
class Reference(Column):
    """The key of a row of another sheet, or of what the desk keeps elsewhere; `to` names it."""

    to: str = ""


def address(text: str) -> str:
    """The e-mail address as the desk keeps it; raises `Wrong`."""
    plain = unicodedata.normalize("NFKC", text)
    try:
        validate_email(plain)
    except ValidationError:
        raise Wrong(_("“%(text)s” is no e-mail address.") % {"text": shortened(text)})
    return plain


def one_phone(text: str) -> str:
    """As `phone`, of a line of its own: one number alone, neither several nor a part of one."""
    found = phone(text)
    if not is_one_number(text):
        raise Wrong(_("“%(text)s” is no phone number.") % {"text": shortened(text)})
    return found


def phone(text: str) -> str:
    """The number as the desk keeps it; raises `Wrong` for one that a spreadsheet has rounded, and for no number."""
    if ROUNDED.fullmatch(text):
        raise Wrong(_("The spreadsheet has rounded this number. Format the column as text and type it again."))
    if not is_number(text):
        raise Wrong(_("“%(text)s” is no phone number.") % {"text": shortened(text)})
    return normalised(text)
