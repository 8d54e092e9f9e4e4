"""`manage.py verify_ledger`: prove that nothing was altered, or name the first thing that was."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger import verification
from ledger.models import Entry
from ledger.verification import Fault

PROGRESS_EVERY = 500


class Command(BaseCommand):
    help = "Verifies every chain of the ledger, every record against its chain, and every frozen form."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stream", action="append", help="verify the entries of this chain only; may be repeated")

    def handle(self, *args: Any, stream: list[str] | None = None, **options: Any) -> None:
        self.found = 0
        entries = Entry.objects.all() if stream is None else Entry.objects.filter(stream__in=stream)
        self.stdout.write(f"Entries: {entries.count()}")
        self._report(verification.verify(stream))
        if stream is None:
            self._verify_records()
            self._report(verification.chains_without_record())
            self._report(verification.own_faults())
        if self.found:
            raise CommandError(f"{self.found} places do not fit.")
        self.stdout.write("Everything fits.")

    def _verify_records(self) -> None:
        for model in verification.record_models():
            total = model._base_manager.count()
            self.stdout.write(f"{model._meta.label}: {total}")
            for done, fault in enumerate(verification.record_faults(model), start=1):
                self._report([fault] if fault else [])
                if done % PROGRESS_EVERY == 0:
                    self.stdout.write(f"  {done} of {total}")

    def _report(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.found += 1
            self.stderr.write(f"  {fault}")
