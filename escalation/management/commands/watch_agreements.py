"""Look after calendars and contracts without a worker."""

from __future__ import annotations

from typing import Any

from base.commands import SweepCommand
from escalation.actions import watch_agreements


class Command(SweepCommand):
    help = "Tell of years without holidays, of contracts that end without a successor, and of calendars that changed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{watch_agreements()} told")
