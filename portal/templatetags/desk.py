"""The components of the pages as template tags; templates/components/README.md shows how each is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from config import clock as time_source
from config import wording
from config.icons import ICONS
from config.staticfiles import SPRITE

register = template.Library()

STATES: Mapping[str, tuple[str, str, Promise]] = {
    "relayed": ("blue", "phone-incoming", pgettext_lazy("state", "To be received")),
    "accepted": ("blue", "inbox", pgettext_lazy("state", "Accepted")),
    "screened": ("blue", "category", pgettext_lazy("state", "To classify")),
    "classified": ("blue", "player-play", pgettext_lazy("state", "To start")),
    "in_progress": ("blue", "progress", pgettext_lazy("state", "In progress")),
    "waiting_customer": ("violet", "hourglass", pgettext_lazy("state", "Waiting for customer")),
    "resolved": ("violet", "message-check", pgettext_lazy("state", "Resolved, to confirm")),
    "closed": ("green", "circle-check", pgettext_lazy("state", "Closed")),
    "filed": ("grey", "archive", pgettext_lazy("state", "Filed")),
    "invalid": ("grey", "circle-minus", pgettext_lazy("state", "Ended as invalid")),
    "request_review": ("violet", "hourglass", pgettext_lazy("state", "Request under review")),
    "request_in_progress": ("blue", "progress", pgettext_lazy("state", "Request in progress")),
    "request_declined": ("grey", "circle-minus", pgettext_lazy("state", "Request declined")),
    "request_done": ("grey", "checks", pgettext_lazy("state", "Request done")),
    "handed_over": ("violet", "arrow-forward-up", pgettext_lazy("state", "Handed over, to receive")),
    "handover_received": ("violet", "inbox", pgettext_lazy("state", "Received")),
    "handover_done": ("grey", "checks", pgettext_lazy("state", "Hand-over done")),
    "withdrawn": ("grey", "arrow-back-up", pgettext_lazy("state", "Withdrawn")),
}
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
}

register.filter("clock_time", lambda value: wording.clock_time(value) if value else "")
register.filter("duration", lambda value: "" if value is None else wording.duration(value))
register.filter("day", lambda value: wording.day(value) if value else "")
register.filter("day_head", lambda value: wording.day_head(value) if value else "")
register.filter("phone", lambda value: wording.phone(value) if value else "")


@register.simple_tag
def span_units() -> str:
    """The words of a span for clock.js: days, hours, minutes, less than a minute."""
    return "|".join([*wording.units(), wording.under_a_minute()])


@register.simple_tag
def icon(name: str, kind: str = "") -> str:
    """An icon out of the sprite; `kind` is text (16 px), tag (14 px), figure (32 px) or nothing (18 px)."""
    if not name:
        return ""
    if name not in ICONS:
        raise ValueError(f"{name} is not in config/icons.py")
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
    return format_html('<span class="keys" aria-hidden="true">{}</span>', SafeString(_kbd(names)))


def _kbd(names: Sequence[str]) -> str:
    return "".join(format_html("<kbd>{}</kbd>", name) for name in names if name)


@register.inclusion_tag("components/badge.html")
def badge(state: str) -> dict[str, Any]:
    """The state of a declaration."""
    tone, name, word = STATES[state]
    return {"tone": tone, "icon": name, "word": word}


@register.inclusion_tag("components/badge.html")
def mark(word: str, tone: str = "grey", icon: str = "") -> dict[str, Any]:
    """A badge with any word, for what is not the state of a declaration."""
    return {"tone": tone, "icon": icon, "word": word}


@register.simple_tag
def level(priority: int | None) -> str:
    """The priority 1–4 as a weight of ink; None is not classified yet."""
    if priority is None:
        return format_html('<span class="level level-none">{}</span>', _("No level"))
    return format_html('<span class="level level-{}">{}</span>', priority, LEVELS[int(priority)])


@register.inclusion_tag("components/clock.html")
def clock(time_left: Any, kind: str = "row", name: str = "", note: str = "") -> dict[str, Any]:
    """Time left of one clock as row (with bar), line (without) or head (large); None is a dash."""
    if time_left is None:
        return {"absent": True}
    tone, symbol = CLOCKS[str(time_left.state)]
    left = time_left.left
    return {
        "time_left": time_left,
        "kind": kind,
        "name": name,
        "note": note,
        "tone": tone,
        "icon": symbol,
        "left": int(left.total_seconds() if isinstance(left, timedelta) else left or 0),
        "percent": round(max(0.0, min(1.0, float(time_left.fraction or 0))) * 100),
        "now": int(time_source.now().timestamp()),
        "counted": " ".join(f"{_epoch(a)}-{_epoch(b)}" for a, b in getattr(time_left, "counted", None) or ()),
    }


def _epoch(instant: datetime) -> int:
    return int(instant.timestamp())


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Sequence[Any], label: str = "") -> dict[str, Any]:
    """The sections of the form in order: where the record stands."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("components/action_bar.html")
def action_bar(bar: Any, version: int | None = None) -> dict[str, Any]:
    """The next step, what else can be done, and why the rest cannot."""
    return {"bar": bar, "version": version}


@register.inclusion_tag("components/action.html")
def action(item: Any, kind: str = "", version: int | None = None) -> dict[str, Any]:
    """One button: a link, a form that posts, or the opener of a dialog."""
    return {"item": item, "kind": kind, "version": version}


@register.inclusion_tag("components/matrix.html")
def matrix(grid: Any, name: str = "cell", chosen: str = "", read_only: bool = False) -> dict[str, Any]:
    """Impact × urgency as nine radio buttons, each with its level, target and due time."""
    return {"grid": grid, "name": name, "chosen": chosen, "read_only": read_only}


@register.inclusion_tag("components/leaf_picker.html")
def leaf_picker(groups: Sequence[Any], name: str = "category_leaf", chosen: object = "") -> dict[str, Any]:
    """The leaves of the category tree under their branches, with a filter."""
    return {"groups": groups, "name": name, "chosen": str(chosen or "")}


@register.inclusion_tag("components/entry.html")
def entry(item: Any) -> dict[str, Any]:
    """One line of a time line."""
    return {"entry": item}


@register.inclusion_tag("components/timeline.html")
def timeline(days: Sequence[Any]) -> dict[str, Any]:
    """Entries under their days, in the order given."""
    return {"days": days}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, clause: str = "", hint: str = "", size: str = "", suggestion: Any = None) -> dict[str, Any]:
    """A form field with label, control, hint and error, wired for screen readers."""
    widget = bound.field.widget
    errors = bound.errors
    hint = hint or str(bound.help_text)
    described = " ".join(
        filter(None, [f"{bound.auto_id}_hint" if hint else "", f"{bound.auto_id}_error" if errors else ""])
    )
    grouped = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    attributes: dict[str, str | None] = {"aria-invalid": "true" if errors else None}
    if not grouped:
        attributes |= {"class": _control_class(widget, bool(errors)), "aria-describedby": described or None}
    return {
        "bound": bound,
        "control": bound.as_widget(attrs={**widget.attrs, **{k: v for k, v in attributes.items() if v}}),
        "clause": clause,
        "hint": hint,
        "size": size,
        "described": described,
        "errors": errors,
        "suggestion": suggestion,
        "grouped": grouped,
        "tick": isinstance(widget, CheckboxInput),
    }


def _control_class(widget: Any, wrong: bool) -> str:
    if isinstance(widget, CheckboxInput):
        name = "form-check-input"
    elif isinstance(widget, Select):
        name = "form-select"
    else:
        name = "form-control"
    own = widget.attrs.get("class", "")
    return " ".join(filter(None, [name, own, "is-invalid" if wrong else ""]))


@register.inclusion_tag("components/plain_field.html")
def plain_field(label: str, value: object, clause: str = "", who: str = "") -> dict[str, Any]:
    """A field that cannot be edited here, with who fills it in."""
    return {"label": label, "value": value, "clause": clause, "who": who}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any, title: str = "") -> dict[str, Any]:
    """What keeps a form from being sent, each line a link to its field; nothing when it is valid."""
    return {"form": form, "title": title, "count": len(form.errors) if form.is_bound else 0}


@register.inclusion_tag("components/lookup.html")
def lookup(bound: BoundField, url: str, clause: str = "", hint: str = "", value_name: str = "") -> dict[str, Any]:
    """A combobox whose list comes from `url` while one types."""
    context = field(bound, clause, hint)
    return {**context, "url": url, "value_name": value_name or f"{bound.html_name}_id"}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", icon: str = "inbox", url: str = "", label: str = "") -> dict[str, Any]:
    """What would be here, and the first step towards it."""
    return {"title": title, "text": text, "icon": icon, "url": url, "label": label}


@register.inclusion_tag("components/segmented.html")
def segmented(items: Sequence[Any], label: str) -> dict[str, Any]:
    """Two to four views of the same page, one of them chosen."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Any], label: str) -> dict[str, Any]:
    """Views of a list with their counts, one of them open."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/filter_bar.html")
def filter_bar(bar: Any) -> dict[str, Any]:
    """Search in the results, filters as chips, order."""
    return {"bar": bar}


@register.inclusion_tag("components/pager.html")
def pager(previous_url: str = "", next_url: str = "", words: str = "") -> dict[str, Any]:
    """Steps through a list by its keys, so without page numbers."""
    return {"previous_url": previous_url, "next_url": next_url, "words": words}


@register.inclusion_tag("components/record_table.html")
def record_table(rows: Sequence[Any], caption: str, selectable: bool = False) -> dict[str, Any]:
    """Records, one a line, cards on a phone."""
    return {"rows": rows, "caption": caption, "selectable": selectable}


@register.inclusion_tag("components/diff.html")
def diff(rows: Sequence[Any], theirs: str, mine: str) -> dict[str, Any]:
    """Two versions side by side with a choice in each row; the rows that agree come last, without one."""
    return {"rows": rows, "theirs": theirs, "mine": mine}


@register.simple_block_tag
def panel(content: str, title: str, icon: str = "", clause: str = "", note: str = "", state: Any = None) -> str:
    """A card with a head; `state` is (tone, icon, word) of a badge beside the title."""
    context = {"content": content, "title": title, "icon": icon, "clause": clause, "note": note, "state": state}
    return render_to_string("components/panel.html", context)


@register.simple_block_tag
def section(
    content: str,
    numeral: str,
    name: str,
    summary: str = "",
    clause: str = "",
    open: bool = False,
    blocked: bool = False,
    absent: bool = False,
    id: str = "",
) -> str:
    """A section of the form that folds; `blocked` cannot be filled in yet, `absent` does not apply."""
    context = {
        "content": content,
        "numeral": numeral,
        "name": name,
        "summary": summary,
        "clause": clause,
        "open": open,
        "blocked": blocked,
        "absent": absent,
        "id": id,
    }
    return render_to_string("components/section.html", context)


@register.simple_block_tag
def notice(content: str, title: str = "", tone: str = "amber", icon: str = "alert-triangle") -> str:
    """A remark with a coloured edge that belongs to the place where it stands."""
    return render_to_string("components/notice.html", {"content": content, "title": title, "tone": tone, "icon": icon})


@register.simple_block_tag
def dialog(content: str, id: str, title: str, text: str = "") -> str:
    """A question that opens over the page; its content is the form with its two buttons."""
    return render_to_string("components/dialog.html", {"content": content, "id": id, "title": title, "text": text})


@register.simple_tag(takes_context=True)
def current(context: template.Context, url: str) -> str:
    """`aria-current` for a link of the navigation that leads to this page or to one above it."""
    path = context["request"].path
    home = url.count("/") < 2
    here = path == url or (not home and path.startswith(url))
    return SafeString('aria-current="page"') if here else ""
