"""`manage.py rebuild_figures`: prove that the stored figures are what the records tell, or count them anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.models import Declaration
from reports.actions import recount_all
from reports.queries.comparing import differences

PROGRESS_EVERY = 5000


class Command(BaseCommand):
    help = "Counts every record anew, beside people at work; --compare only names what differs, and ends with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--compare", action="store_true", help="change nothing, name what is not as counted anew")

    def handle(self, *args: Any, compare: bool = False, **options: Any) -> None:
        self._total = Declaration.objects.count()
        if not compare:
            wrong = recount_all(self._progress)
            self.stderr.write("")
            self.stdout.write(f"{self._total:,} records counted, {wrong:,} of them otherwise than before")
            return
        found = 0
        for found, difference in enumerate(differences(self._progress), 1):  # noqa: B007 the last one is the number
            self.stdout.write(difference)
        self.stderr.write("")
        if found:
            raise CommandError(f"{found} differences. Run `manage.py rebuild_figures`, and find out what wrote them.")
        self.stdout.write(f"The figures are what {self._total:,} records tell.")

    def _progress(self, done: int) -> None:
        if done % PROGRESS_EVERY == 0 or done >= self._total:
            self.stderr.write(f"{done:,} of {self._total:,} records", ending="\r")
