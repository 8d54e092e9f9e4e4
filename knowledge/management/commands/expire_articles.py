"""Expire articles without a worker."""

from __future__ import annotations

from typing import Any

from base.clock import now
from base.commands import SweepCommand
from knowledge.actions import expire_overdue


class Command(SweepCommand):
    help = "Mark the articles of the knowledge base whose last day has passed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{expire_overdue(now())} expired")
