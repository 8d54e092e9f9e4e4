"""A desk that is in use goes on with a new version: what it holds is migrated, swept, verified and replayed.

`0.2.0.json.xz` is what a desk of that release had, made by its own actions: see `write_state.py`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings

from base.clock import now, set_clock
from config.management.commands import desk_up
from escalation.actions import sweep
from incidents.models import Declaration
from ledger import triggers
from ledger.actions import seal
from ledger.management.commands import migrate
from ledger.models import Entry
from ledger.queries import content, head
from notifications.models import Notification
from tests import databases
from tests.incidents.shown import kept, told_by_clocks
from tests.upgrades.earlier import EARLIER, fill, migrate_to, read

# It makes the index beside its table; later ones change tables or rows, not both: PostgreSQL checks them apart.
OF_BOTH_KINDS = {("search", "0001_initial")}


@pytest.fixture(scope="module")
def earlier(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The desk of the earlier commit, upgraded to this one; the folder of its key and its copy of the checkpoints."""
    folder, state = tmp_path_factory.mktemp("earlier"), read(EARLIER)
    (folder / "key").write_text(state["key"])
    (folder / "copy").write_text(state["copy"])
    with django_db_blocker.unblock(), databases.new_database(folder):
        migrate_to(*map(tuple, state["migrations"]))
        fill(state["tables"])
        call_command("migrate", verbosity=0)
        yield folder


@pytest.fixture
def upgraded(earlier: Path, settings: Any) -> None:
    settings.CHECKPOINT_KEY_FILE = str(earlier / "key")
    settings.CHECKPOINT_COPY = str(earlier / "copy")


@pytest.mark.usefixtures("upgraded")
def test_a_desk_in_use_is_guarded_and_keeps_its_records_after_an_upgrade():
    triggers.require()
    assert Declaration.objects.count() == 19
    told = content(head("triggers"))["facts"]
    assert "guard_ledger_entry_update_1" in told["names"]


@pytest.mark.usefixtures("upgraded")
def test_a_desk_in_use_is_swept_verified_and_replayed_after_an_upgrade():
    before = Notification.objects.count()
    # After the upgrade, which has written into the chains today.
    with set_clock(now() + timedelta(days=2)):
        assert sweep() > 0
        assert Notification.objects.count() > before
        seal()
        verified, replayed = StringIO(), StringIO()
        call_command("verify_ledger", stdout=verified)
        call_command("replay_clocks", stdout=replayed)
    assert "Everything fits" in verified.getvalue()
    assert "clocks are what their events tell" in replayed.getvalue()


@pytest.mark.usefixtures("upgraded")
def test_a_desk_in_use_shows_its_clocks_after_an_upgrade():
    found = list(Declaration.objects.order_by("pk"))
    assert [kept(one) for one in found] == [told_by_clocks(one) for one in found]
    assert any(one.shown_due_at for one in found)


def test_a_migration_changes_tables_or_rows():
    found = {
        key
        for key, migration in MigrationLoader(None).disk_migrations.items()
        if len({isinstance(one, migrations.RunPython | migrations.RunSQL) for one in migration.operations}) > 1
        and (Path(settings.BASE_DIR) / key[0]).is_dir()
    }
    assert found == OF_BOTH_KINDS


# Migrations that break

BROKEN = {"sessions": "tests.upgrades.broken"}


@pytest.fixture
def guarded(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[str]:
    """A database whose tables are guarded; its address."""
    with django_db_blocker.unblock(), databases.new_database(tmp_path) as address:
        call_command("migrate", "ledger", verbosity=0)
        call_command("migrate", "sessions", verbosity=0)
        yield address


def told() -> list[str]:
    """The last two moves of the guards."""
    newest = list(Entry.objects.filter(stream="triggers").order_by("-sequence").values_list("action", flat=True)[:2])
    return newest[::-1]


@override_settings(MIGRATION_MODULES=BROKEN)
def test_a_failed_migration_leaves_the_guards_and_tells_it(guarded):
    with pytest.raises(ArithmeticError):
        call_command("migrate", "sessions", verbosity=0)
    triggers.require()
    assert told() == ["triggers_dropped", "triggers_made"]
    assert content(head("triggers"))["facts"]["failure"] == "ArithmeticError"


@override_settings(MIGRATION_MODULES=BROKEN)
def test_without_mending_a_failed_migration_leaves_no_guards(guarded, monkeypatch):
    monkeypatch.setattr(migrate.Command, "_mend_after", lambda *_: None)
    with pytest.raises(ArithmeticError):
        call_command("migrate", "sessions", verbosity=0)
    with pytest.raises(ImproperlyConfigured, match="guard_ledger_entry_update_1"):
        triggers.require()


def test_after_a_killed_migration_nothing_starts_until_the_guards_are_back_and_told(guarded):
    connection.close()
    assert killed(guarded) == -signal.SIGKILL
    with pytest.raises(ImproperlyConfigured, match=r"Run `manage\.py migrate`"):
        triggers.require()
    assert desk_up._is_unfinished()
    call_command("migrate", "ledger", verbosity=0)
    triggers.require()
    assert told() == ["triggers_dropped", "triggers_made"]


def killed(address: str) -> int:
    """How `manage.py migrate` ends when somebody kills it in the middle."""
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(settings.VAR_DIR),
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "tests.upgrades.broken_settings",
        "BREAKS": "kill",
    }
    command = [sys.executable, "manage.py", "migrate", "sessions", "--verbosity", "0"]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=False).returncode
