"""The server's time, for pages that were away: a sleeping computer's own counters stand still."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from config.clock import now


@require_GET
@login_required
def time(request: HttpRequest) -> JsonResponse:
    """Seconds since 1970, as `now`."""
    return JsonResponse({"now": now().timestamp()})
