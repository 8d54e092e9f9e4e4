"""Fields of forms with their labels, hints and errors."""

from __future__ import annotations

import secrets
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ui.components.drawing import draw

register = template.Library()


@register.simple_tag(takes_context=True)
def opened_form(context: template.Context, name: str, row: object = "") -> SafeString:
    """What every form that is sent begins with: Django's token, and the key of this form as it was opened just now.

    `name` is the form's own within the page, with `row` where each row of a list has one. A page that comes back
    with what was typed keeps the key, as it is still the same form; an empty name means the one that was sent.
    """
    request = context.get("request")
    sent = request.POST.get("opened_form", "") if request else ""
    is_the_same = not name or sent.rpartition("-")[0] == _named(name, row)
    return _beginning(token_of(context), sent) if is_the_same else new_form(token_of(context), name, row)


def token_of(context: template.Context) -> str:
    """Django's token; empty on a page that was asked for by nobody."""
    return str(context.get("csrf_token", ""))


def new_form(token: str, name: str, row: object = "") -> SafeString:
    """The same of a form that is opened just now, for components; `token` is Django's."""
    return _beginning(token, f"{_named(name, row)}-{secrets.token_hex(8)}")


def _named(name: str, row: object) -> str:
    return f"{name}-{row}" if row else name


def _beginning(token: str, key: str) -> SafeString:
    return hidden_token(token) + format_html('<input type="hidden" name="opened_form" value="{}">', key)


def hidden_token(token: str) -> SafeString:
    """Django's token as a form sends it."""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


@register.simple_tag
def field(
    bound: BoundField, clause: str = "", hint: str = "", size: str = "", suggestion: Any = None, needed: bool = False
) -> SafeString:
    """A form field with label, control, hint and error, wired for screen readers.

    `needed` says that it has to be filled wherever it is shown, though the form can do without it.
    """
    optional = not (needed or bound.field.required)
    wired = _wired(bound, hint)
    return draw(
        "components/field.html", **wired, clause_number=clause, size=size, suggestion=suggestion, optional=optional
    )


def _wired(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """The control with what tells screen readers about it, and of which kind it is."""
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
        "hint": hint,
        "described": described,
        "errors": errors,
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


@register.simple_tag
def people(bound: BoundField) -> SafeString:
    """A list of colleagues alone, whose label and errors the page lays out itself."""
    return draw("components/people.html", **_wired(bound))


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
    named = {"url": url, "value_name": value_name or f"{bound.html_name}_id", "label": label or bound.label}
    return {**_wired(bound, hint), **named, "clause": clause}
