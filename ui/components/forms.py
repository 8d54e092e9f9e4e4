"""Fields of forms with their labels, hints and errors."""

from __future__ import annotations

import secrets
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def opened_form(context: template.Context, name: str, row: object = "") -> SafeString:
    """What every form that is sent begins with: Django's token, and the key of this form as it was opened just now.

    `name` is the form's own within the page, with `row` where each row of a list has one. A page that comes back
    with what was typed keeps the key, as it is still the same form; an empty name means the one that was sent.
    """
    name = f"{name}-{row}" if row else name
    request = context.get("request")
    sent = request.POST.get("opened_form", "") if request else ""
    key = sent if sent.rpartition("-")[0] == name or not name else f"{name}-{secrets.token_hex(8)}"
    hidden = [("csrfmiddlewaretoken", context["csrf_token"]), ("opened_form", key)]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', hidden)


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, clause: str = "", hint: str = "", size: str = "", suggestion: Any = None, needed: bool = False
) -> dict[str, Any]:
    """A form field with label, control, hint and error, wired for screen readers.

    `needed` says that it has to be filled wherever it is shown, though the form can do without it.
    """
    widget = bound.field.widget
    errors = bound.errors
    hint = hint or str(bound.help_text)
    described = " ".join(
        filter(None, [f"{bound.auto_id}_hint" if hint else "", f"{bound.auto_id}_error" if errors else ""])
    )
    grouped = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    attributes: dict[str, str | bool | None] = {"aria-invalid": "true" if errors else None, **_longest(widget)}
    if not grouped:
        attributes |= {"class": _control_class(widget, bool(errors)), "aria-describedby": described or None}
    return {
        "bound": bound,
        "control": bound.as_widget(attrs={**widget.attrs, **{k: v for k, v in attributes.items() if v is not None}}),
        "optional": not (needed or bound.field.required),
        "clause": clause,
        "hint": hint,
        "size": size,
        "described": described,
        "errors": errors,
        "suggestion": suggestion,
        "grouped": grouped,
        "tick": isinstance(widget, CheckboxInput),
        "people": getattr(widget, "is_people", False),
    }


def _longest(widget: Any) -> dict[str, str | bool]:
    """Says how long a text may be instead of cutting off what is pasted: longest.js counts, the form refuses."""
    most = widget.attrs.get("maxlength")
    return {"maxlength": False, "data-longest": str(most)} if most else {}


def _control_class(widget: Any, wrong: bool) -> str:
    if isinstance(widget, CheckboxInput):
        name = "form-check-input"
    elif isinstance(widget, Select):
        name = "form-select"
    else:
        name = "form-control"
    own = widget.attrs.get("class", "")
    return " ".join(filter(None, [name, own, "is-invalid" if wrong else ""]))


@register.inclusion_tag("components/people.html")
def people(bound: BoundField) -> dict[str, Any]:
    """A list of colleagues alone, whose label and errors the page lays out itself."""
    return field(bound)


@register.inclusion_tag("components/field_errors.html")
def field_errors(bound: BoundField) -> dict[str, Any]:
    """What is wrong with a field whose control the page lays out itself."""
    return {"errors": bound.errors}


@register.inclusion_tag("components/text_area.html")
def text_area(name: str, label: str, value: object, rows: int = 3, clause: str = "") -> dict[str, Any]:
    """A labelled text of several lines that no form object stands behind."""
    return {"name": name, "label": label, "value": value, "rows": rows, "clause": clause}


@register.inclusion_tag("components/plain_field.html")
def plain_field(label: str, value: object, clause: str = "", who: str = "") -> dict[str, Any]:
    """A field that cannot be edited here, with who fills it in."""
    return {"label": label, "value": value, "clause": clause, "who": who}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any, title: str = "") -> dict[str, Any]:
    """What keeps a form from being sent, each line a link to its field; nothing when it is valid."""
    return {"form": form, "title": title, "count": len(form.errors) if form.is_bound else 0}


@register.inclusion_tag("components/lookup.html")
def lookup(
    bound: BoundField, url: str, clause: str = "", hint: str = "", value_name: str = "", label: SafeString | str = ""
) -> dict[str, Any]:
    """A combobox whose list comes from `url` while one types; `label` stands for the field's own."""
    context = field(bound, clause, hint)
    return {**context, "url": url, "value_name": value_name or f"{bound.html_name}_id", "label": label or bound.label}
