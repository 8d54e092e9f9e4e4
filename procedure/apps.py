"""A desk cannot run without a procedure: a fresh or emptied database gets the first version at once."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate


class ProcedureConfig(AppConfig):
    name = "procedure"

    def ready(self) -> None:
        post_migrate.connect(adopt_after_migration, sender=self)


def adopt_after_migration(using: str = DEFAULT_DB_ALIAS, **options: Any) -> None:
    """Adopt the first version once every table that it is written to is there as the code knows it."""
    from ledger.signature import Signature
    from procedure.actions import adopt_first_version

    # `flush` sends the signal too, without a plan.
    if using == DEFAULT_DB_ALIAS and ("plan" not in options or _is_complete(using)):
        adopt_first_version(Signature("system", "system", "migrate"))


def _is_complete(using: str) -> bool:
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
