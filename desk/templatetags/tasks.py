"""`{% load tasks %}`: the lines of my desk."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import template
from django.utils.safestring import SafeString

from ui.components.drawing import draw
from ui.components.forms import new_form, token_of

register = template.Library()


@register.simple_tag(takes_context=True)
def task(context: template.Context, row: Any, late: str = "", under_cursor: bool = False) -> SafeString:
    """One line of the group with the key `late`; the one under the cursor has the coloured button."""
    return draw(
        "desk/task.html",
        row=row,
        late=late,
        under_cursor=under_cursor,
        is_worst=row == context.get("worst"),
        opened_form=partial(new_form, token_of(context)),
    )
