"""Tell of absences and of proofs that run out, without a worker."""

from __future__ import annotations

from typing import Any

from base.commands import SweepCommand
from setup.actions import watch_people


class Command(SweepCommand):
    """`manage.py watch_people`"""

    help = "Tell deputies of absences, and people and their heads of proofs that run out."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{watch_people()} messages")
