"""Celery entry points."""

from celery import shared_task

from escalation import actions


@shared_task
def sweep() -> int:
    return actions.sweep()


@shared_task
def carry_on_recounts() -> int:
    """Go on with changes that are being applied to open records."""
    return actions.carry_on_recounts()


@shared_task
def watch_agreements() -> int:
    """Years without holidays, contracts that end, calendars that changed."""
    return actions.watch_agreements()


@shared_task
def learn_trend() -> int:
    """Learn from history which incidents usually miss their time, once a day."""
    return actions.learn_trend()
