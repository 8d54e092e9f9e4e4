"""What a fresh or emptied desk is given once all its tables are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate


def after_migrations(app: AppConfig, install: Callable[[], object]) -> None:
    """Call `install` at the end of each `migrate` that leaves no table to come, and of each `flush`.

    Rooms are called in the order of the settings, so that each finds what those below it have installed. `install`
    must be safe to call again.
    """

    def receive(using: str = DEFAULT_DB_ALIAS, **options: Any) -> None:
        # `flush` sends the signal too, without a plan.
        if using == DEFAULT_DB_ALIAS and ("plan" not in options or _is_complete(using)):
            install()

    post_migrate.connect(receive, sender=app, weak=False)


def _is_complete(using: str) -> bool:
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
