"""Deliver notifications without a worker."""

from __future__ import annotations

from typing import Any

from base.clock import now
from base.commands import SweepCommand
from base.heartbeat import beat
from notifications.actions import deliver_due


class Command(SweepCommand):
    help = "Deliver the notifications whose time has come."

    def handle(self, *args: Any, **options: Any) -> None:
        brought = deliver_due(now())
        beat("deliver")
        self.stdout.write(f"{brought} delivered")
