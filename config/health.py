"""Whether the desk is fit to work, for whatever watches it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from django.db import DatabaseError
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from config.clock import now
from config.jobs import JOBS
from config.models import Heartbeat
from ledger import catalog, triggers
from notifications.models import Notification
from sla.models import Clock

LATE = timedelta(seconds=90)
YOUNG = timedelta(minutes=10)
GUARDS_EVERY = 60


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while all is well, else 503; says what is wrong and how old it is, never about whom.

    Well means: the database answers and guards its records, every job of `config.jobs` had a good run within its
    time, and nothing that was due has waited for longer than `LATE`.
    """
    try:
        report = _report(now())
    except DatabaseError:
        return JsonResponse({"healthy": False, "database": False}, status=503)
    return JsonResponse(report, status=200 if report["healthy"] else 503)


def _report(at: datetime) -> dict[str, object]:
    # By every channel; what a worker has in hand becomes due again at the end of its lease.
    waiting = Notification.objects.filter(next_attempt_at__lte=at)
    overdue = [
        Clock.objects.filter(next_check_at__lte=at).aggregate(oldest=Min("next_check_at"))["oldest"],
        waiting.aggregate(oldest=Min("next_attempt_at"))["oldest"],
    ]
    oldest = min((one for one in overdue if one), default=None)
    guarded, jobs = _guarded(int(at.timestamp() // GUARDS_EVERY)), _jobs(at)
    waits_too_long = oldest is not None and oldest <= at - LATE
    return {
        "healthy": guarded and not waits_too_long and all(job["well"] for job in jobs.values()),
        "database": True,
        "guards": guarded,
        "jobs": jobs,
        "oldest_overdue": oldest,
    }


def _jobs(at: datetime) -> dict[str, dict[str, object]]:
    """The last good run of each job. One that runs by the hour has not failed because the desk is young."""
    last = dict(Heartbeat.objects.values_list("job", "at"))
    return {
        job.name: {
            "last": last.get(job.name),
            "well": last[job.name] > at - job.late if job.name in last else job.every > YOUNG,
        }
        for job in JOBS
    }


@lru_cache(maxsize=1)
def _guarded(minute: int) -> bool:
    """Looked up once a minute: comparing all triggers takes many statements, and anybody may ask for this page."""
    return not triggers.missing() and not catalog.switches()
