"""Signs of life of the jobs, read by the health page."""

from __future__ import annotations

from config.clock import now
from config.models import Heartbeat


def beat(job: str) -> None:
    """Note that `job` has just come to a good end: one statement."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(job=job, at=now())], update_conflicts=True, unique_fields=["job"], update_fields=["at"]
    )
