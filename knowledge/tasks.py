"""Celery entry points."""

from __future__ import annotations

from celery import shared_task

from base.clock import now
from knowledge import actions


@shared_task
def expire() -> int:
    """Mark the articles whose last day has passed; what is shown goes by the day anyway."""
    return actions.expire_overdue(now())
