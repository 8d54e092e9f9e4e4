"""The parts of a record page: stepper, actions, decisions, time line, folding sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string

register = template.Library()


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
def entry(item: Any, strike_at: str = "") -> dict[str, Any]:
    """One line of a time line; `strike_at` is the page on which its row can be struck out."""
    return {"entry": item, "strike_at": strike_at}


@register.inclusion_tag("components/timeline.html")
def timeline(days: Sequence[Any], strike_at: str = "") -> dict[str, Any]:
    """Entries under their days, in the order given."""
    return {"days": days, "strike_at": strike_at}


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
