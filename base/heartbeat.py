"""Signs of life of the jobs, read by the health page. All are told by the database's clock, which every worker shares:
a machine whose own runs ahead would hide for as long that it has stopped."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models.functions import Now

from base.models import Heartbeat


def beat(job: str) -> None:
    """Note that `job` has just come to a good end: one statement."""
    _note(Heartbeat(job=job, at=Now()), "at")


def note_failure(job: str) -> None:
    """Note that `job` could not do a part of its work, which it goes on without: one statement."""
    _note(Heartbeat(job=job, at=Now(), failed_at=Now()), "failed_at")


def database_time() -> datetime:
    """The time by the database's clock, aware: one statement."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
            return datetime.fromisoformat(cursor.fetchone()[0])
        cursor.execute("SELECT statement_timestamp()")
        at: datetime = cursor.fetchone()[0]
        return at


def _note(row: Heartbeat, column: str) -> None:
    Heartbeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["job"], update_fields=[column])
