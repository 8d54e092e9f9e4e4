"""Celery entry points."""

from __future__ import annotations

from celery import shared_task

from reports import actions


@shared_task
def count_changed() -> int:
    """Count what has ended or changed since; what a page shows does not wait for it."""
    return actions.count_changed()
