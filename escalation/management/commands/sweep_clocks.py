"""Check the clocks that are due once, for systems without a worker."""

from typing import Any

from base.commands import SweepCommand
from escalation.actions import sweep


class Command(SweepCommand):
    help = "Give every warning that is due now."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sweep()} warnings given")
