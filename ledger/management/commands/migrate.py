"""`manage.py migrate`: Django's own, after which the database guards its records, however it ended."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import DatabaseError

from ledger.migrating import mend


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        try:
            return super().handle(*args, **options)
        except (Exception, KeyboardInterrupt) as error:
            self._mend_after(error)
            raise

    def _mend_after(self, error: BaseException) -> None:
        """Django sends no signal after a migration that failed."""
        try:
            mend(failure=type(error).__name__)
        except DatabaseError as further:
            self.stderr.write(f"The guards of the database could not be made again: {further}. Run migrate again.")
