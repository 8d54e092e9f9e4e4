"""What commands have in common."""

from django.core.management.base import BaseCommand


class SweepCommand(BaseCommand):
    """A sweep that a timer calls every minute where there is no worker.

    It starts without the checks of the whole project, which take four times as long as the start itself: the web does
    them when it starts.
    """

    requires_system_checks: list[str] = []
