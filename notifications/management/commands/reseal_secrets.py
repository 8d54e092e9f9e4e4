"""Encrypt the secrets of robots under the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from notifications.actions.bots import reseal_bots
from notifications.sealing import CannotOpen


class Command(BaseCommand):
    help = "Encrypt all secrets of robots and webhooks under the first of ENCRYPTION_KEYS; then older ones may go."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(f"{reseal_bots(actor=SYSTEM)} robots resealed")
        except CannotOpen as error:
            raise CommandError("A secret opens under none of ENCRYPTION_KEYS. Put its key back, try again.") from error
