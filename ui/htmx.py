"""Which requests ask for a part of a page only."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

# What forms without a part of their own exchange: all that a page holds, as its whole answer has it (sending.js).
WHOLE = "content"


class HtmxRequest(HttpRequest):
    """Django's request with what htmx says of it; for annotations only."""

    htmx: HtmxDetails


def is_part(request: HtmxRequest) -> bool:
    """Whether htmx asks for a part; a form that exchanges the whole content wants the page that it is cut out of."""
    return bool(request.htmx) and request.htmx.target != WHOLE
