"""The smallest parts: icons, clauses, times, states, levels and clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from base import clock as time_source
from base import wording
from base.phones import masked
from ui.components.drawing import draw
from ui.icons import ICONS
from ui.staticfiles import SPRITE

register = template.Library()

LEVELS: Mapping[int, Promise] = {
    1: pgettext_lazy("level", "Level 1"),
    2: pgettext_lazy("level", "Level 2"),
    3: pgettext_lazy("level", "Level 3"),
    4: pgettext_lazy("level", "Level 4"),
}
CLOCKS: Mapping[str, tuple[str, str]] = {
    "normal": ("", "clock"),
    "soon": ("", "clock"),
    "at_risk": ("amber", "alert-triangle"),
    "breached": ("red", "clock-exclamation"),
    "paused": ("violet", "player-pause"),
    "met": ("green", "check"),
    "late": ("red", "clock-x"),
    "cancelled": ("", "circle-minus"),
}
NO_CLOCK = SafeString('<span class="hint">–</span>')
RUNNING = frozenset({"normal", "soon", "at_risk", "breached", "paused"})

register.filter("clock_time", lambda value: wording.clock_time(value) if value else "")
register.filter("close_up", wording.close_up)
register.filter("duration", lambda value: "" if value is None else wording.duration(value))
register.filter("day", lambda value: wording.day(value) if value else "")
register.filter("day_head", lambda value: wording.day_head(value) if value else "")
register.filter("phone", lambda value: wording.phone(value) if value else "")
register.filter("masked", lambda value: masked(value) if value else "")


@register.simple_tag
def span_units() -> str:
    """The words of a span for clock.js: days, hours, minutes, less than a minute."""
    return "|".join([*wording.units(), wording.under_a_minute()])


@register.simple_tag
def icon(name: str, kind: str = "") -> str:
    """An icon out of the sprite; `kind` is text (16 px), tag (14 px), figure (32 px) or nothing (18 px)."""
    return _drawn(str(name), str(kind)) if name else ""


@lru_cache(maxsize=512)
def _drawn(name: str, kind: str) -> SafeString:
    """A page has a hundred of some thirty icons."""
    if name not in ICONS:
        raise ValueError(f"{name} is not in ui/icons.py")
    classes = f"icon icon-{kind}" if kind else "icon"
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static(SPRITE), name)


@register.simple_tag
def clause(number: str) -> str:
    """The clause that a control or fact carries out, as §5.4.4; nothing without a number."""
    return format_html('<span class="clause">§{}</span>', number.removeprefix("§")) if number else ""


@register.simple_tag
def moment(value: datetime | None) -> str:
    """An instant as `<time>`, worded by the `clock_time` filter; an empty one is a dash."""
    if value is None:
        return "–"
    exact = timezone.localtime(value).isoformat(timespec="seconds")
    return format_html('<time class="number" datetime="{}">{}</time>', exact, wording.clock_time(value))


@register.simple_tag
def key(*names: str) -> str:
    """The keys that do the same as the control they stand in."""
    return _keys(*map(str, names))


@lru_cache(maxsize=512)
def _keys(*names: str) -> SafeString:
    keys = format_html_join("", "<kbd>{}</kbd>", ((name,) for name in names if name))
    return format_html('<span class="keys" aria-hidden="true">{}</span>', keys)


@register.simple_tag
def mark(word: str, tone: str = "grey", symbol: str = "") -> str:
    """A badge with any word, for what is not the state of a declaration: its colour is blue, violet, green, amber,
    red or grey.
    """
    return format_html('<span class="badge-state tone-{}">{}{}</span>', tone, icon(symbol, "tag"), word)


@register.simple_tag
def level(priority: int | None) -> str:
    """The priority 1–4 as a weight of ink; None is not classified yet."""
    if priority is None:
        return format_html('<span class="level level-none">{}</span>', _("No level"))
    return format_html('<span class="level level-{}">{}</span>', priority, LEVELS[int(priority)])


@register.simple_tag
def clock(time_left: Any, kind: str = "row", name: str = "", note: str = "") -> SafeString:
    """Time left of one clock as row (with bar), line (without) or head (large); None is a dash."""
    if time_left is None:
        return NO_CLOCK
    tone, symbol = CLOCKS[str(time_left.state)]
    left, used = _seconds(time_left.left), _seconds(getattr(time_left, "used", None))
    return draw(
        "components/clock.html",
        time_left=time_left,
        kind=kind,
        name=name,
        note=note,
        tone=tone,
        symbol=symbol,
        left=left,
        total=used + left if used else 0,
        bar=str(time_left.state) in RUNNING,
        percent=round(max(0.0, min(1.0, float(time_left.fraction or 0))) * 100),
        now=int(time_source.now().timestamp()),
        warnings=getattr(time_left, "warnings", ()),
        counted=" ".join(f"{_epoch(a)}-{_epoch(b)}" for a, b in getattr(time_left, "counted", None) or ()),
    )


@register.simple_tag
def why(time_left: Any, number: str) -> SafeString:
    """Why the clock of that record is due when it is, opened where it stands; nothing without a clock."""
    if time_left is None:
        return SafeString()
    return draw("components/why.html", number=number, kind=getattr(time_left, "kind", ""))


def _seconds(span: timedelta | float | None) -> int:
    return int(span.total_seconds() if isinstance(span, timedelta) else span or 0)


def _epoch(instant: datetime) -> int:
    return int(instant.timestamp())
