"""Fill the desk with the demonstration firm and replay its thirty declarations."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo import data_path
from demo.people import has_others, load_people
from demo.replay import replay
from ledger.actions import seal


class Command(BaseCommand):
    """Only into the embedded desk, and only while it holds nothing but the demonstration."""

    help = "Load the demonstration: people, customers, contracts, articles and declarations. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", help="one password for all demonstration accounts; random when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        data = json.loads(data_path().read_text(encoding="utf-8"))
        _refuse_real_desk(data)
        accounts = Path(settings.VAR_DIR) / "demo_accounts.txt"
        password = _checked(options["password"]) or secrets.token_urlsafe(9)
        created = load_people(data, password)
        if created:
            accounts.write_text(f"{password}\n", encoding="utf-8")
            accounts.chmod(0o600)
        done = replay(data, self._progress)
        # The steps carry times long past, at which no worker could have sealed them.
        seal()
        self.stdout.write(f"\n{len(created)} accounts and {done} steps loaded")

    def _progress(self, position: int, total: int) -> None:
        if position % 10 == 0 or position == total:
            self.stdout.write(f"\rreplaying steps {position}/{total}", ending="")
            self.stdout.flush()


def _refuse_real_desk(data: dict[str, Any]) -> None:
    if not settings.EMBEDDED:
        raise CommandError("The demonstration is for the embedded desk (make run) and is not loaded in production.")
    if has_others(data):
        raise CommandError("This desk holds people or customers of its own. Load the demonstration into an empty one.")


def _checked(password: str | None) -> str | None:
    try:
        if password is not None:
            validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
