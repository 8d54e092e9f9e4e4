"""Celery entry points."""

from celery import shared_task

from escalation import actions


@shared_task
def sweep() -> int:
    return actions.sweep()
