"""`manage.py checkpoint_key`: show the public key, hand over to a new one, or go on after a lost one."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger import keys
from ledger.actions.checkpoints import OtherKey, replace_lost_key, rotate
from ledger.copies import RolledBack


class Command(BaseCommand):
    help = "Shows the public key of the checkpoints, or changes the key that signs them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("show", help="print the public key, for everybody who verifies")
        rotating = verbs.add_parser("rotate", help="let the present key name the one in a file as its successor")
        rotating.add_argument("file", type=Path, help="private key: 64 hexadecimal digits")
        lost = verbs.add_parser("lost", help="go on with the present key although the one before it is lost")
        lost.add_argument("reason")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            self._handle(verb, options)
        except (RolledBack, OtherKey) as reason:
            raise CommandError(str(reason)) from reason

    def _handle(self, verb: str, options: dict[str, Any]) -> None:
        if verb == "rotate":
            new = keys.read(options["file"])
            made = rotate(new)
            self.stdout.write(f"Checkpoint {made.number} names the new key {keys.public(new)}.")
            self.stdout.write("Put its file in the place of the old one (CHECKPOINT_KEY_FILE), then start the workers.")
        elif verb == "lost":
            made = replace_lost_key(options["reason"])
            self.stdout.write(f"Checkpoint {made.number} is signed with {made.key}, which no earlier key names:")
            self.stdout.write("give it to everybody who verifies, for --public-key.")
        else:
            self.stdout.write(keys.public(keys.signing_key()))
