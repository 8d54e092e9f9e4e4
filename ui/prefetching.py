"""Pages that a browser must not fetch before somebody wants them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def refuses_prefetch(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 503 to a fetch ahead of time, which the browser then makes again when it is meant.

    For a view whose reading is itself written down, as a print is.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        purpose = " ".join(request.headers.get(name, "") for name in HEADERS).lower()
        if "prefetch" in purpose or "preview" in purpose:
            return HttpResponse(status=503, headers={"Cache-Control": "no-store"})
        return view(request, *args, **values)

    return answer
