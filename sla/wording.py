"""Working hours and clocks in words, the same on pages and in reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from sla.arithmetic import WorkingCalendar

CLOCKS: Mapping[str, Promise] = {
    "resolution": gettext_lazy("Resolution"),
    "response": gettext_lazy("Response"),
    "relay": gettext_lazy("Acknowledge"),
    "handover": gettext_lazy("Receipt"),
    "decision": gettext_lazy("Decision"),
    "countersign": gettext_lazy("Countersignature"),
}


def clock_name(kind: str) -> str:
    """What a clock of this kind times; of a kind that is not known any more, its name."""
    return str(CLOCKS.get(kind, kind))


def hour(minutes: int) -> str:
    """Minutes since local midnight as 09:00; the end of the day is 24:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def windows(day: Iterable[Sequence[int]]) -> str:
    """The windows of a day as 09:00–12:00, 13:30–18:00; without any nobody works."""
    return _(", ").join(f"{hour(opening)}–{hour(closing)}" for opening, closing in day) or _("no work")


def windows_typed(day: Iterable[Sequence[int]]) -> str:
    """The windows as a form shows them and `sla.hours` reads them."""
    return ", ".join(f"{hour(opening)}-{hour(closing)}" for opening, closing in day)


def week(calendar: WorkingCalendar) -> list[tuple[str, str]]:
    """The weekdays from Monday, those that follow each other with the same windows as one: (Mon–Fri, 09:00–18:00)."""
    runs = [(list(run), day) for day, run in groupby(range(7), key=calendar.weekly.__getitem__)]
    return [(_weekdays(run), windows(day)) for run, day in runs]


def _weekdays(run: Sequence[int]) -> str:
    first, last = str(WEEKDAYS_ABBR[run[0]]), str(WEEKDAYS_ABBR[run[-1]])
    if len(run) == 1:
        return first
    return pgettext("weekdays", "%(first)s–%(last)s") % {"first": first, "last": last}
