"""Fields of forms with their labels, hints and errors."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select

register = template.Library()


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, clause: str = "", hint: str = "", size: str = "", suggestion: Any = None
) -> dict[str, Any]:
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
