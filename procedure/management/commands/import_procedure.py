"""Put the owner's own words beside the clauses, terms and scales of the version in force."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ledger.exceptions import Invalid
from ledger.signature import Signature
from procedure.actions import import_official_text
from procedure.models import ProcedureVersion, State
from procedure.parsing import NoText, Place, plain_text

LARGEST = 2 * 1024 * 1024


class Command(BaseCommand):
    """`manage.py import_procedure FILE` (plain text, UTF-8 or GB18030); safe to run again."""

    help = "Fill in the official text of the procedure from the owner's own file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        version = ProcedureVersion.objects.get(state=State.IN_FORCE)
        signature = Signature("system", "system", "manage.py")
        try:
            report = import_official_text(_read(file), version=version, signature=signature)
        except Invalid as refused:
            raise CommandError(str(refused)) from refused
        for title, places in (
            (_("Filled"), report.filled),
            (_("Unchanged"), report.unchanged),
            (_("Heading without text of its own"), report.empty),
            (_("Not found in the file"), report.missing),
        ):
            self._list(title, [_name(place) for place in places])
        self._list(_("Lines of the file that fit no clause or term"), report.unplaced)

    def _list(self, title: str, names: list[str]) -> None:
        self.stdout.write(f"{title} ({len(names)}): {', '.join(names) or '–'}")


def _read(file: Path) -> str:
    if not file.is_file():
        raise CommandError(_("%(file)s is not a file.") % {"file": file})
    if file.stat().st_size > LARGEST:
        raise CommandError(_("%(file)s is larger than 2 MB; give the text only.") % {"file": file})
    try:
        return plain_text(file.read_bytes())
    except NoText as error:
        raise CommandError(_("%(file)s is no plain text in UTF-8 or GB18030.") % {"file": file}) from error


def _name(place: Place) -> str:
    return " ".join(place)
