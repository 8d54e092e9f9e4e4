"""Times that are agreed, as one cell each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sla.forms.contracts import CHANNELS, LARGEST, LEVELS
from sla.targets import Counting, Target, TargetData, Unit
from workbook.cells import Wrong, shortened
from workbook.columns import Choice, Column

# The words after the number of a time; each is understood in both languages.
SPANS = (
    ("minute:natural", pgettext_lazy("span", "minutes")),
    ("minute:working", pgettext_lazy("span", "working minutes")),
    ("hour:natural", pgettext_lazy("span", "hours")),
    ("hour:working", pgettext_lazy("span", "working hours")),
    ("working_day:working", pgettext_lazy("span", "working days")),
    ("calendar_month:natural", pgettext_lazy("span", "months")),
)
TYPED = re.compile(r"(\d{1,7})\s*(\D+)")


@dataclass(frozen=True)
class Span(Column):
    """A time that is agreed: 4 hours, 30 working minutes. The value is `4:hour:natural`."""

    width: int = 14

    def value(self, text: str) -> str:
        found = TYPED.fullmatch(unicodedata.normalize("NFKC", text))
        unit = _unit(found[2].strip()) if found else ""
        if found is None or not unit:
            raise Wrong(_example(text))
        if not 1 <= int(found[1]) <= LARGEST[unit.partition(":")[0]]:
            raise Wrong(gettext("Ten years at most, and not nothing."))
        return f"{int(found[1])}:{unit}"

    def shown(self, value: str) -> str:
        if not value:
            return ""
        number, _colon, unit = value.partition(":")
        return f"{number} {_UNIT.shown(unit)}"


def _unit(word: str) -> str:
    """The unit that is meant, also by 小时 and 个小时, hour and hours; empty for none."""
    for form in (word, f"个{word}", word.removeprefix("个"), f"{word}s"):
        try:
            return _UNIT.value(form)
        except Wrong:
            continue
    return ""


_UNIT = Choice("unit", _("unit"), choices=SPANS)


LEVEL_HEADINGS = {
    1: _("Resolution, level 1"),
    2: _("Resolution, level 2"),
    3: _("Resolution, level 3"),
    4: _("Resolution, level 4"),
}
CHANNEL_HEADINGS = {
    "phone": _("Response by phone"),
    "email": _("Response by e-mail"),
    "letter": _("Response by letter"),
    "fax": _("Response by fax"),
    "monitoring": _("Response to monitoring tools"),
    "maintenance": _("Response in routine maintenance"),
    "other": _("Response by other channels"),
}


def times() -> Iterator[Column]:
    """The columns of the times that a contract may agree to."""
    for level in LEVELS:
        yield Span(f"level{level}", LEVEL_HEADINGS[level])
    yield Span("response", _("Response, every channel"))
    for channel in CHANNELS:
        yield Span(f"response_{channel}", CHANNEL_HEADINGS[channel])


def target_of(value: str) -> Target | None:
    """The time of a value; None for an empty one."""
    if not value:
        return None
    number, unit, clock = value.split(":")
    return Target(int(number), cast(Unit, unit), cast(Counting, clock))


def value_of(target: TargetData | None) -> str:
    """The value of a time as a contract keeps it."""
    if target is None:
        return ""
    read = Target.from_data(target)
    return f"{read.value}:{read.unit}:{read.clock}"


def _example(text: str) -> str:
    return gettext("“%(text)s” is no time; write 4 hours, 30 working minutes, 2 working days or 1 months.") % {
        "text": shortened(text)
    }
