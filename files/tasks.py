"""Celery entry points."""

from __future__ import annotations

from celery import shared_task

from base.clock import now
from files import actions


@shared_task
def clear_uploads() -> int:
    """Remove what uploads that never came to an end left behind."""
    return actions.clear_uploads(now())
