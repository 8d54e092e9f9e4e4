"""Write the workbook of what stands."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actors import SYSTEM
from workbook.actions import record_export
from workbook.writing import write_export


class Command(BaseCommand):
    """`manage.py export_workbook FILE [--language zh-hans]`"""

    help = "Write departments, people, roles, customers, contracts, calendars and articles into a workbook."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--language", default="zh-hans", choices=["en", "zh-hans"])

    def handle(self, *args: Any, file: Path, language: str, **options: Any) -> None:
        with file.open("wb") as stream, override(language):
            record_export(actor=SYSTEM)
            write_export(stream, SYSTEM)
            self.stdout.write(_("Written: %(file)s") % {"file": file})
