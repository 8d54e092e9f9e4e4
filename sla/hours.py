"""Reads working hours as people type them."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from django.utils.translation import gettext as _

from sla.working_time import Window

DAY = 1440
MOST_WINDOWS = 12
DASH = re.compile(r"\s*[-‐‑‒–—−~至到]\s*")
PARTS = re.compile(r"[,;、\s]+")
WINDOW = re.compile(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?", re.ASCII)


def parse_windows(text: str) -> list[Window]:
    """`09:00-12:00, 13:30-18:00` in minutes since midnight, in order; an empty text means that nobody works.

    Full-width signs, Chinese dashes and commas are read as well. Raises `ValueError` with a sentence that says what to
    write instead.
    """
    plain = DASH.sub("-", unicodedata.normalize("NFKC", text).strip())
    found = sorted(_window(part) for part in PARTS.split(plain) if part)
    if len(found) > MOST_WINDOWS:
        raise ValueError(_("Up to %(count)d windows a day.") % {"count": MOST_WINDOWS})
    if any(opening < closing for (_start, closing), (opening, _end) in pairwise(found)):
        raise ValueError(_("These windows overlap. Write each hour of the day once."))
    return found


def _window(part: str) -> Window:
    match = WINDOW.fullmatch(part)
    if match is None:
        raise ValueError(_("Write working hours as 09:00-12:00, 13:30-18:00; leave the field empty for no work."))
    hours, minutes, until, until_minutes = (int(each or 0) for each in match.groups())
    if minutes > 59 or until_minutes > 59 or not 0 <= hours * 60 + minutes < until * 60 + until_minutes <= DAY:
        raise ValueError(_("“%(window)s” is no span of one day, which goes from 00:00 to 24:00.") % {"window": part})
    return hours * 60 + minutes, until * 60 + until_minutes
