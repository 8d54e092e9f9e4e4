"""Which requests ask for a part of a page only."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

# What forms without a part of their own exchange: all that a page holds, as its whole answer has it (sending.js).
WHOLE = "content"
# Where the form of a step opens within the page of its record (step.js).
PANEL = "step-panel"


class HtmxRequest(HttpRequest):
    """Django's request with what htmx says of it; for annotations only."""

    htmx: HtmxDetails


def is_panel(request: HtmxRequest) -> bool:
    """Whether a form is opened within a page that shows the record already."""
    return bool(request.htmx) and request.htmx.target == PANEL


def is_part(request: HtmxRequest) -> bool:
    """Whether htmx asks for a part; a form that exchanges the whole content wants the page that it is cut out of."""
    return bool(request.htmx) and request.htmx.target != WHOLE
