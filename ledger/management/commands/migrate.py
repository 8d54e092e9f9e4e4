"""`manage.py migrate`: Django's own, after which the database guards its records, however it ended.

Where `APPLICATION_ROLE` names the role that web and worker sign in with, its rights are made again too.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import DatabaseError, connection

from ledger import rights
from ledger.migrating import mend


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            super().handle(*args, **options)
        except (Exception, KeyboardInterrupt) as error:
            self._mend_after(error)
            raise
        if settings.APPLICATION_ROLE and connection.vendor == "postgresql":
            rights.grant(settings.APPLICATION_ROLE)

    def _mend_after(self, error: BaseException) -> None:
        """Django sends no signal after a migration that failed."""
        try:
            mend(failure=type(error).__name__)
        except DatabaseError as further:
            self.stderr.write(f"The guards of the database could not be made again: {further}. Run migrate again.")
