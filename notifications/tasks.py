"""Celery entry points."""

from __future__ import annotations

from celery import shared_task

from base.clock import now
from base.heartbeat import beat
from notifications import actions


@shared_task
def deliver() -> int:
    """Bring out what is due; losing or doubling the message changes only when."""
    brought = actions.deliver_due(now())
    beat("deliver")
    return brought
