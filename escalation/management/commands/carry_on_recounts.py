"""Apply changes of calendars and contracts without a worker."""

from __future__ import annotations

from typing import Any

from base.commands import SweepCommand
from escalation.actions import carry_on_recounts


class Command(SweepCommand):
    help = "Go on applying the changes of calendars and contracts that heads asked to apply to open records."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{carry_on_recounts()} due times moved")
