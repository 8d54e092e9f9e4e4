"""Whether the desk is fit to work, for whatever watches it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from django.db import DatabaseError
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from config.clock import now
from config.models import Heartbeat
from ledger import triggers
from notifications.models import Notification
from sla.models import Clock

LATE = timedelta(seconds=90)
GUARDS_EVERY = 60


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while all is well, else 503; says what is wrong and how old it is, never about whom.

    Well means: the database answers and guards its records, the clocks were swept, and nothing that was due
    still waits, each within `LATE`.
    """
    try:
        report = _report(now())
    except DatabaseError:
        return JsonResponse({"healthy": False, "database": False}, status=503)
    return JsonResponse(report, status=200 if report["healthy"] else 503)


def _report(at: datetime) -> dict[str, object]:
    sweep = Heartbeat.objects.filter(job="sweep").values_list("at", flat=True).first()
    waiting = Notification.objects.filter(status=Notification.Status.QUEUED, held_until__lte=at)
    overdue = [
        Clock.objects.filter(next_check_at__lte=at).aggregate(oldest=Min("next_check_at"))["oldest"],
        waiting.aggregate(oldest=Min("held_until"))["oldest"],
    ]
    oldest = min((one for one in overdue if one), default=None)
    guarded = _guarded(int(at.timestamp() // GUARDS_EVERY))
    return {
        "healthy": guarded and sweep is not None and min(sweep, oldest or sweep) > at - LATE,
        "database": True,
        "guards": guarded,
        "last_sweep": sweep,
        "oldest_overdue": oldest,
    }


@lru_cache(maxsize=1)
def _guarded(minute: int) -> bool:
    """Looked up once a minute: comparing all triggers takes many statements, and anybody may ask for this page."""
    return not triggers.missing()
