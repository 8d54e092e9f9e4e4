"""Fill the desk with the demonstration firm, and let it work on until now."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from base.clock import now, set_clock
from demo import data_path
from demo.models import DemoStep
from demo.people import has_others, load_people
from demo.replay import replay
from demo.story.telling import tell
from ledger.actions import seal


class Command(BaseCommand):
    """Only into the embedded desk, and only while it holds nothing but the demonstration."""

    help = (
        "Load the demonstration: people, customers, contracts, articles, and declarations of the last twelve weeks. "
        "Run again, it goes on to the present day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", help="one password for all demonstration accounts; random when left out")
        parser.add_argument("--thirty", action="store_true", help="only the thirty declarations that the tests expect")

    def handle(self, *args: Any, **options: Any) -> None:
        data = json.loads(data_path().read_text(encoding="utf-8"))
        _refuse_real_desk(data)
        accounts = Path(settings.VAR_DIR) / "demo_accounts.txt"
        password = _checked(options["password"]) or secrets.token_urlsafe(9)
        created = load_people(data, password)
        if created:
            accounts.write_text(f"{password}\n", encoding="utf-8")
            accounts.chmod(0o600)
        until = max(now(), datetime.fromisoformat(data["meta"]["as_of"]))
        done = replay(data, self._progress) if options["thirty"] else self._work_on(until)
        # The steps carry times long past, at which no worker could have sealed them.
        with set_clock(max(now(), until)):
            seal()
        self.stdout.write(f"\n{len(created)} accounts and {done} steps loaded")

    def _work_on(self, until: datetime) -> int:
        told = tell(until, self._progress)
        if told.left:
            self.stdout.write(f"\ndeclarations left to the visitors who changed them: {len(told.left)}", ending="")
        return told.steps

    def _progress(self, position: int, total: int) -> None:
        if position % 10 == 0 or position == total:
            self.stdout.write(f"\rreplaying steps {position}/{total}", ending="")
            self.stdout.flush()


def _refuse_real_desk(data: dict[str, Any]) -> None:
    if not settings.EMBEDDED:
        raise CommandError("The demonstration is for the embedded desk (make run) and is not loaded in production.")
    if has_others(data) and not DemoStep.objects.exists():
        raise CommandError("This desk holds people or customers of its own. Load the demonstration into an empty one.")


def _checked(password: str | None) -> str | None:
    try:
        if password is not None:
            validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
