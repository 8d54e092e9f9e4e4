"""Which requests ask for a part of a page only."""

from __future__ import annotations

from django.http import HttpRequest

# What forms without a part of their own exchange: all that a page holds, as its whole answer has it (sending.js).
WHOLE = "content"


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part; a form that exchanges the whole content wants the page that it is cut out of."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and htmx.target != WHOLE
