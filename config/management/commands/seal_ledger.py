"""`manage.py seal_ledger`: make the checkpoint that a worker would make."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from base.commands import SweepCommand
from incidents.numbering import go_on_after
from ledger import numbers
from ledger.actions.checkpoints import Backdated, NotAfterARestore, OtherKey, accept_restore, seal
from ledger.copies import RolledBack
from ledger.exceptions import ClockBehind
from ledger.queries import last_checkpoint


class Command(SweepCommand):
    help = "Seals what changed since the last checkpoint, and copies the checkpoints out of the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--after-restore",
            metavar="REASON",
            help="go on from an older database that you put back; the ledger and the copy will say so and why, and no "
            "number that the copy knows is given again",
        )

    def handle(self, *args: Any, after_restore: str | None = None, **options: Any) -> None:
        try:
            if after_restore is None:
                made = seal()
            else:
                for number in go_on_after(numbers.known()):
                    self.stdout.write(f"{number} was given before: numbers go on after it.")
                made = accept_restore(after_restore)
        except (Backdated, ClockBehind, RolledBack, OtherKey, NotAfterARestore) as reason:
            raise CommandError(str(reason)) from reason
        last = last_checkpoint()
        self.stdout.write(f"{made} checkpoints made; the last one is {last.number if last else 'still to come'}")
