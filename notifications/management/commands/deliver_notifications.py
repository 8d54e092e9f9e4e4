"""Deliver notifications without a worker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config.clock import now
from notifications.actions import deliver_due


class Command(BaseCommand):
    help = "Deliver the notifications whose time has come."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{deliver_due(now())} delivered")
