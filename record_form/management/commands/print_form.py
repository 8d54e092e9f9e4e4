"""`manage.py print_form NUMBER FILE`: the Incident Record Form of a declaration as a PDF file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from accounts.acting import SYSTEM
from config.clock import now
from incidents.models import Declaration
from record_form.actions import record_print
from record_form.layout import sheet
from record_form.pdf import render_pdf
from record_form.queries import form_of, head_of


class Command(BaseCommand):
    help = "Writes the Incident Record Form of a declaration to a PDF file, without the review of section 9."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="SD-YYYYMMDD-NNN")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE
        )

    def handle(self, *args: Any, number: str, file: Path, language: str, **options: Any) -> None:
        try:
            declaration = Declaration.objects.get(number=number)
        except Declaration.DoesNotExist as error:
            raise CommandError(f"There is no declaration {number}.") from error
        printed_at, head = now(), head_of(declaration)
        form, filed = form_of(declaration, ledger_head=head)
        with override(language):
            shown = sheet(
                form,
                printed_by=SYSTEM.signature().name,
                printed_at=printed_at,
                ledger_head=head,
                is_intact=filed is None or filed.is_intact,
            )
        file.write_bytes(render_pdf(shown, printed_at=printed_at))
        record_print(declaration, actor=SYSTEM, form=form, medium="file")
        self.stdout.write(str(file))
