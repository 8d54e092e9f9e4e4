"""`manage.py seal_ledger`: make the checkpoint that a worker would make."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger.actions.checkpoints import Backdated, NotAfterARestore, OtherKey, accept_restore, seal
from ledger.copies import RolledBack
from ledger.exceptions import ClockBehind
from ledger.queries import last_checkpoint


class Command(BaseCommand):
    help = "Seals what changed since the last checkpoint, and copies the checkpoints out of the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--after-restore",
            metavar="REASON",
            help="go on from an older database that you put back; the ledger and the copy will say so and why",
        )

    def handle(self, *args: Any, after_restore: str | None = None, **options: Any) -> None:
        try:
            made = seal() if after_restore is None else accept_restore(after_restore)
        except (Backdated, ClockBehind, RolledBack, OtherKey, NotAfterARestore) as reason:
            raise CommandError(str(reason)) from reason
        last = last_checkpoint()
        self.stdout.write(f"{made} checkpoints made; the last one is {last.number if last else 'still to come'}")
