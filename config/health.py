"""Whether the desk is fit to work, for whatever watches it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from django.db import DatabaseError
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from base import writes
from base.heartbeat import database_time
from base.models import Heartbeat
from config.jobs import JOBS, Job
from files import bucket
from ledger import catalog, triggers
from notifications.models import Notification
from sla.models import Clock

LATE = timedelta(seconds=90)
YOUNG = timedelta(minutes=10)
# A row that failed is tried again after five minutes; until that went well, the desk is not.
FAILURE_STANDS = timedelta(minutes=7)
# Clocks are set; what a heartbeat is further ahead than this hides whether anybody works.
AHEAD = timedelta(minutes=1)
GUARDS_EVERY = 60
BUCKET_EVERY = 10


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while all is well, else 503; says what is wrong and how old it is, never about whom.

    Well means: the database answers, takes what is written and guards its records; there is room on the disks, and the
    bucket of the attachments, if there is one, answers; every job of `config.jobs` had a good run within its time and
    left no row undone; and nothing that was due has waited for longer than `LATE`.
    """
    try:
        report = _report(database_time())
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
    guarded, kept, jobs = _guarded(int(at.timestamp() // GUARDS_EVERY)), writes.all_well(), _jobs(at)
    kept |= {"attachments": _bucket_answers(int(at.timestamp() // BUCKET_EVERY))} if bucket.is_used() else {}
    waits_too_long = oldest is not None and oldest <= at - LATE
    well = guarded and all(kept.values()) and not waits_too_long
    return {
        "healthy": well and all(job["well"] for job in jobs.values()),
        "database": True,
        **kept,
        "guards": guarded,
        "jobs": jobs,
        "oldest_overdue": oldest,
    }


def _jobs(at: datetime) -> dict[str, dict[str, object]]:
    """The last good run of each job, and when it last left a row undone."""
    rows = {row.job: row for row in Heartbeat.objects.all()}
    return {job.name: _job(job, rows.get(job.name), at) for job in JOBS}


def _job(job: Job, row: Heartbeat | None, at: datetime) -> dict[str, object]:
    """One that runs by the hour has not failed because the desk is young."""
    if row is None:
        return {"last": None, "failed": None, "well": job.every > YOUNG}
    beats = at - job.late < row.at <= at + AHEAD
    failed = row.failed_at is not None and row.failed_at > at - FAILURE_STANDS
    return {"last": row.at, "failed": row.failed_at, "well": beats and not failed}


@lru_cache(maxsize=1)
def _guarded(minute: int) -> bool:
    """Looked up once a minute: comparing all triggers takes many statements, and anybody may ask for this page."""
    return not triggers.missing() and not catalog.switches()


@lru_cache(maxsize=1)
def _bucket_answers(turn: int) -> bool:
    return bucket.answers()
