"""Count what changed without a worker."""

from __future__ import annotations

from typing import Any

from base.commands import SweepCommand
from reports.actions import count_changed


class Command(SweepCommand):
    help = "Count the records that ended or changed since the figures counted them. The pages are right meanwhile too."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{count_changed()} records counted")
