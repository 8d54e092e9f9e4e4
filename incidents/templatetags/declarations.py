"""`{% load declarations %}`: what pages of several rooms show of a declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from incidents.models import State
from ui.components.basics import mark
from ui.components.drawing import draw

register = template.Library()

STATES: Mapping[str, tuple[str, str]] = {
    State.RELAYED: ("blue", "phone-incoming"),
    State.ACCEPTED: ("blue", "inbox"),
    State.SCREENED: ("blue", "category"),
    State.CLASSIFIED: ("blue", "player-play"),
    State.IN_PROGRESS: ("blue", "progress"),
    State.WAITING_CUSTOMER: ("violet", "hourglass"),
    State.RESOLVED: ("violet", "message-check"),
    State.CLOSED: ("green", "circle-check"),
    State.FILED: ("grey", "archive"),
    State.INVALID: ("grey", "circle-minus"),
    State.REQUEST_REVIEW: ("violet", "hourglass"),
    State.REQUEST_IN_PROGRESS: ("blue", "progress"),
    State.REQUEST_DECLINED: ("grey", "circle-minus"),
    State.REQUEST_DONE: ("grey", "checks"),
    State.HANDED_OVER: ("violet", "arrow-forward-up"),
    State.HANDOVER_RECEIVED: ("violet", "inbox"),
    State.HANDOVER_DONE: ("grey", "checks"),
    State.WITHDRAWN: ("grey", "arrow-back-up"),
}


@register.simple_tag
def badge(state: str) -> str:
    """The state of a declaration."""
    tone, symbol = STATES[state]
    return mark(str(State(state).label), tone, symbol)


@register.simple_tag
def record_table(rows: Sequence[Any], caption: str, selectable: bool = False) -> SafeString:
    """Records, one a line, cards on a phone."""
    return draw("incidents/table.html", rows=rows, caption=caption, selectable=selectable, badge=badge)
