"""The parts of a record page: stepper, actions, decisions, time line, folding sections."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ui.components.drawing import draw
from ui.components.forms import new_form, token_of

register = template.Library()


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Sequence[Any], label: str = "") -> dict[str, Any]:
    """The sections of the form in order: where the record stands."""
    return {"steps": steps, "label": label}


@register.simple_tag(takes_context=True)
def action_bar(context: template.Context, bar: Any, version: int | None = None) -> SafeString:
    """The next step, what else can be done, and why the rest cannot."""
    return draw("components/action_bar.html", bar=bar, version=version, action=partial(button, token_of(context)))


@register.simple_tag(takes_context=True)
def action(context: template.Context, item: Any, kind: str = "", version: int | None = None) -> SafeString:
    """One button: a link, a form that posts, or the opener of a dialog."""
    return button(token_of(context), item, kind, version)


def button(token: str, item: Any, kind: str = "", version: int | None = None) -> SafeString:
    """The same with Django's token, for components that draw several."""
    return draw("components/action.html", item=item, kind=kind, version=version, opened_form=partial(new_form, token))


@register.inclusion_tag("components/matrix.html")
def matrix(grid: Any, name: str = "cell", chosen: str = "", read_only: bool = False) -> dict[str, Any]:
    """Impact × urgency as nine radio buttons, each with its level, target and due time."""
    return {"grid": grid, "name": name, "chosen": chosen, "read_only": read_only}


@register.inclusion_tag("components/leaf_picker.html")
def leaf_picker(groups: Sequence[Any], name: str = "category_leaf", chosen: object = "") -> dict[str, Any]:
    """The leaves of the category tree under their branches, with a filter."""
    return {"groups": groups, "name": name, "chosen": str(chosen or "")}


@register.simple_tag
def entry(item: Any, strike_at: str = "") -> SafeString:
    """One line of a time line; `strike_at` is the page on which its row can be struck out."""
    return draw("components/entry.html", entry=item, strike_at=strike_at)


@register.simple_tag
def timeline(days: Sequence[Any], strike_at: str = "") -> SafeString:
    """Entries under their days, in the order given."""
    return draw("components/timeline.html", days=days, strike_at=strike_at)


@register.simple_tag
def form_rows(fields: Sequence[Any]) -> SafeString:
    """Rows of the form, each with its label, lines or cells, and what still has to be said there."""
    return draw("components/form_rows.html", fields=fields)


@register.inclusion_tag("components/diff.html")
def diff(rows: Sequence[Any], theirs: str, mine: str) -> dict[str, Any]:
    """Two versions side by side with a choice in each row; the rows that agree come last, without one."""
    return {"rows": rows, "theirs": theirs, "mine": mine}


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
