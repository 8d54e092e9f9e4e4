"""Read a workbook into a plan, and carry it out."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actors import Actor, actor_for
from ledger.exceptions import Refused
from workbook.actions import apply, carry_on, upload
from workbook.models import Import
from workbook.queries import administrators, sentences

ASK_AGAIN = 0.5


class Command(BaseCommand):
    """`manage.py import_workbook FILE [--apply] [--account gulan] [--language zh-hans]`; ends with status 1 while a row
    is refused."""

    help = "Say what a workbook would change, in the words of the page; with --apply change it, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="carry the plan out if no row is refused")
        parser.add_argument("--account", default="", help="the administrator in whose name it is done")
        parser.add_argument("--language", default="en", choices=["en", "zh-hans"])

    def handle(self, *args: Any, file: Path, account: str, language: str, **options: Any) -> None:
        with override(language):
            try:
                found = self._planned(file, _administrator(account))
                if options["apply"]:
                    self._carry_out(found)
            except (Refused, OSError) as error:
                raise CommandError(_words(error)) from error

    def _planned(self, file: Path, actor: Actor) -> Import:
        with file.open("rb") as stream:
            key = upload(stream, file.name, actor=actor).pk
        found = _done(key)
        if found.remark:
            raise CommandError(found.remark)
        for sentence in sentences(found):
            self.stdout.write(sentence)
        if found.total("refused"):
            raise CommandError(_("Nothing was written: correct the rows above."))
        return found

    def _carry_out(self, found: Import) -> None:
        if not found.to_do:
            return
        apply(found.pk, found.digest, actor=actor_for(found.by), version=found.version)
        found = _done(found.pk)
        if found.state != Import.State.APPLIED:
            raise CommandError(found.remark)
        self.stdout.write(found.get_state_display())


def _done(key: int) -> Import:
    """The import once the job is over, which a worker may have begun before."""
    carry_on(key)
    while (found := Import.objects.get(pk=key)).state in Import.BUSY:
        time.sleep(ASK_AGAIN)
        carry_on(key)
    return found


def _administrator(account: str) -> Actor:
    """The one that is named, or the only one."""
    found = [user for user in administrators() if account in ("", user.username)]
    if len(found) != 1:
        raise CommandError(_("Name the administrator in whose name it is done: --account ACCOUNT."))
    return actor_for(found[0])


def _words(error: Exception) -> str:
    if isinstance(error, Refused):
        return "\n".join([*error.sentences] or [str(reason.sentence) for reason in error.all_reasons])
    return str(error)
