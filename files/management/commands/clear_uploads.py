"""Clear what uploads left behind, without a worker."""

from __future__ import annotations

from typing import Any

from base.clock import now
from base.commands import SweepCommand
from files.actions import clear_uploads


class Command(SweepCommand):
    help = "Remove what uploads that never came to an end left in the store a day ago or longer."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{clear_uploads(now())} files removed")
