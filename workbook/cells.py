"""What stands in one cell, whatever wrote it, as one text."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from ui.fields import CONTROL

Cell = object
LONGEST_SHOWN = 20
# Beyond so many digits a spreadsheet has rounded.
MOST_DIGITS = 15


class Wrong(ValueError):
    """A cell that cannot be meant so, with one sentence that says what to write instead."""


class Formula:
    """A cell that computes: what it shows depends on other cells, and nobody has agreed to that."""


FORMULA = Formula()


def text_of(cell: Cell) -> str:
    """The cell as one text, lines ended by line feeds. Raises `Wrong` for a formula, and for what cannot be kept."""
    if isinstance(cell, Formula):
        raise Wrong(_("A formula stands here. Copy the cell and paste it as a value."))
    text = unicodedata.normalize("NFC", _written(cell)).replace("\r\n", "\n").replace("\r", "\n").strip()
    if CONTROL.search(text):
        raise Wrong(_("The text holds control characters that cannot be kept. Paste it again as plain text."))
    return text


def shortened(text: str) -> str:
    """The beginning of what was typed, as sentences name it."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float():
            return _number(cell)
        case datetime():
            return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
        case date():
            return f"{cell:%Y-%m-%d}"
        case time():
            return f"{cell:%H:%M}"
    return str(cell)


def _number(value: float) -> str:
    """A spreadsheet keeps every number as one of floating point: 13800000001.0 is the phone 13800000001."""
    if value.is_integer() and abs(value) < 10**MOST_DIGITS:
        return str(int(value))
    return f"{value:.15g}"
