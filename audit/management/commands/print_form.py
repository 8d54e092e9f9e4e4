"""`manage.py print_form NUMBER FILE`: the Incident Record Form of a declaration as a PDF file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from accounts.actors import SYSTEM
from audit.queries import section_nine
from base.clock import now
from incidents.models import Declaration
from record_form.pdf import NotPrinted
from record_form.printing import printed


class Command(BaseCommand):
    help = "Writes the Incident Record Form of a declaration, with the review of its section 9, to a PDF file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="SD-YYYYMMDD-NNN")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE
        )

    def handle(self, *args: Any, number: str, file: Path, language: str, **options: Any) -> None:
        try:
            with override(language):
                taken = printed(SYSTEM, number, section_nine, now(), "file")
                file.write_bytes(taken.pdf)
        except Declaration.DoesNotExist as error:
            raise CommandError(f"There is no declaration {number}.") from error
        except NotPrinted as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(file))
