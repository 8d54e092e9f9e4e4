"""Encrypt the secrets of robots, and of letters on their way, under the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actors import SYSTEM
from notifications.actions.bots import reseal_bots
from notifications.enclosing import reseal_enclosures
from notifications.sealing import CannotOpen


class Command(BaseCommand):
    help = "Encrypt all secrets of robots, webhooks and letters under the first of ENCRYPTION_KEYS; older ones may go."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(f"{reseal_bots(actor=SYSTEM)} robots resealed")
            with transaction.atomic():
                self.stdout.write(f"{reseal_enclosures()} letters resealed")
        except CannotOpen as error:
            raise CommandError("A secret opens under none of ENCRYPTION_KEYS. Put its key back, try again.") from error
