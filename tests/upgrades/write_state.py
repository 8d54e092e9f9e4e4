"""Writes what a desk of some version has in its database, for `test_upgrading.py`; runs in a checkout of that version.

    git worktree add ../earlier RELEASE && cd ../earlier
    export DJANGO_SETTINGS_MODULE=tests.settings PYTHONPATH=.
    python ../desk/tests/upgrades/write_state.py ../desk/tests/upgrades/RELEASE.json.xz

Everything goes through that version's own actions, on SQLite, and is sealed at the end.
"""

from __future__ import annotations

import json
import lzma
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402  Django must be set up first
from django.db import connection  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402

from base.clock import set_clock  # noqa: E402
from escalation.actions import sweep  # noqa: E402
from incidents.models import State  # noqa: E402
from ledger import copies, keys  # noqa: E402
from ledger.actions import seal  # noqa: E402
from tests import scenes  # noqa: E402
from tests.firm import open_firm  # noqa: E402

PASSED_OVER = ("sqlite_", "django_migrations", "search_index")


def fill() -> None:
    """One record in every state, one that escalated, and everything that waits."""
    with set_clock(scenes.MONDAY):
        open_firm()
        scene = scenes.Scene()
        for state in sorted(set(State.values) - {State.NEW}):
            scene.at(state)
        scene.countersigned()
        sweep()
        seal()


def tables() -> dict[str, Any]:
    """Columns and rows as SQLite keeps them, not as Django reads them, without what the database works out itself."""
    found = {}
    connection.close()
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')]
            named = ", ".join(f'"{column}"' for column in columns)
            rows = database.execute(f'SELECT {named} FROM "{name}" ORDER BY 1').fetchall()
            if rows and not name.startswith(PASSED_OVER):
                found[name] = {"columns": columns, "rows": rows}
    return found


def state() -> dict[str, Any]:
    """The rows, with the migrations that made their tables and what lies outside of the database."""
    return {
        "migrations": sorted(MigrationLoader(connection).graph.leaf_nodes()),
        "tables": tables(),
        "copy": copies.path().read_text(),
        "key": Path(keys.settings.CHECKPOINT_KEY_FILE).read_text(),
    }


if __name__ == "__main__":
    connection.settings_dict["NAME"] = connection.settings_dict["TEST"]["NAME"]
    call_command("migrate", verbosity=0)
    fill()
    text = json.dumps(state(), ensure_ascii=False, separators=(",", ":"))
    Path(sys.argv[1]).write_bytes(lzma.compress(text.encode()))
