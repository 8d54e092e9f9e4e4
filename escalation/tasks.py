"""Celery entry points."""

from celery import shared_task

from base.pokes import poke
from escalation import actions

# The next sweep comes by then, and asks again.
HELP_IS_LATE = 15


@shared_task
def sweep(helpers: int = 1) -> int:
    """What is due; where that is more than a batch, as after an outage, up to `helpers` others do a part of it.

    The message may be lost or come twice: then it takes longer, or somebody finds nothing to do.
    """
    return actions.sweep(on_backlog=lambda: _ask_for_help(helpers))


def _ask_for_help(helpers: int) -> None:
    if helpers:
        poke("escalation.tasks.sweep", helpers - 1, expires=HELP_IS_LATE)


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
