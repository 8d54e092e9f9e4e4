"""How times, spans and numbers are put into words, the same in pages, mails and logs."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from base import clock

GAP = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def duration(span: timedelta | float) -> str:
    """A span (timedelta or seconds, its sign left out) in its two largest units, rounded down."""
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    minutes = int(abs(seconds) // 60)
    if minutes < 1:
        return under_a_minute()
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = list(zip(units(), (days, hours, minutes), strict=True))
    first = next(index for index, (_unit, amount) in enumerate(parts) if amount)
    return " ".join(unit % amount for unit, amount in parts[first : first + 2] if amount)


def units() -> tuple[str, str, str]:
    """The words for days, hours and minutes, each with a %d for the amount."""
    return pgettext("span", "%d d"), pgettext("span", "%d h"), pgettext("span", "%d min")


def under_a_minute() -> str:
    """The word for a span too short to have an amount."""
    return pgettext("span", "under 1 min")


def close_up(text: str) -> str:
    """The sentence without a space between two Chinese characters, where a word came in the place of a number."""
    return GAP.sub("", text)


def clock_time(value: date) -> str:
    """An instant in the active zone, as near as it needs: today 18:30, 11-26 09:30, 2025-11-26 09:30.

    A day without a time of day is that day in every zone: 11-26, 2025-11-26.
    """
    today = timezone.localtime(clock.now()).date()
    if not isinstance(value, datetime):
        return f"{value:%m-%d}" if value.year == today.year else f"{value:%Y-%m-%d}"
    local = timezone.localtime(value)
    time = f"{local:%H:%M}"
    match (local.date() - today).days:
        case 0:
            return _("today %(time)s") % {"time": time}
        case 1:
            return _("tomorrow %(time)s") % {"time": time}
        case -1:
            return _("yesterday %(time)s") % {"time": time}
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def day(value: datetime) -> str:
    """The date of an instant in the active zone, with its weekday."""
    # Translators: a date format of Django, day, month and weekday.
    return date_format(timezone.localtime(value), pgettext("date format", "D j M"))


def day_head(value: datetime) -> str:
    """The date as a heading of a time line: today and yesterday by name, other years with the year."""
    local, today = timezone.localtime(value), timezone.localtime(clock.now()).date()
    date = date_format(local, pgettext("date format", "j M") if local.year == today.year else "Y-m-d")
    name = {0: _("Today"), -1: _("Yesterday")}.get((local.date() - today).days)
    return f"{name} {date}" if name else date


def phone(number: str) -> str:
    """A mobile number in groups of 3, 4 and 4 digits; any other number as it stands."""
    return re.sub(r"^(\+86)?(1\d{2})(\d{4})(\d{4})$", lambda m: " ".join(filter(None, m.groups())), number.strip())
