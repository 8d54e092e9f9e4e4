"""Time zones that people choose from, and read by."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.core.exceptions import ValidationError
from django.utils.timezone import get_current_timezone_name, get_default_timezone_name
from django.utils.translation import gettext_lazy as _


@cache
def zones() -> list[tuple[str, str]]:
    """Every zone of a place, and UTC, as a field of a form offers them; the machine's files are read once."""
    return [(zone, zone) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of that name; None for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_zone(name: str) -> None:
    """Refuse a name that is none of a zone."""
    if zone_of(name) is None:
        raise ValidationError(_("Choose one of the time zones."), code="zone")


def other_zone() -> str:
    """The zone by which the reader sees times, where colleagues see them by that of the desk; else nothing."""
    zone = get_current_timezone_name()
    return "" if zone == get_default_timezone_name() else zone
