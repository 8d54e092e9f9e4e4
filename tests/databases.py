"""The databases of the tests: one is migrated for each state of the code, and whoever wants a new one copies it."""

from __future__ import annotations

import fcntl
import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from base.clock import set_clock

# The desk of the tests was installed on a certain day, whenever they run.
INSTALLED = datetime.fromisoformat("2023-06-01T08:00:00+08:00")


def migrated(folder: Path) -> str:
    """The name of a database with everything that `migrate` makes, to be copied and never opened."""
    return kept(folder, "migrated", lambda: call_command("migrate", verbosity=0), at=INSTALLED)


def kept(folder: Path, what: str, fill: Callable[[], object], *, at: datetime, template: str = "") -> str:
    """The name of a database like `template` that was filled at that time, to be copied and never opened.

    `folder` keeps it for the next run of the same state of the code; whoever asks while another process makes it
    waits.
    """
    name = _named(folder, f"desk_{what}_{_state_of_code()}")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _all_kept(folder, what)
        if name not in found:
            for earlier in found:
                drop(earlier)
            _fill(folder, name, template, fill, at)
    return name


@cache
def _state_of_code() -> str:
    """Another one whenever a file changes from which tables, guards, first rows or the firm of the tests could come."""
    root = Path(settings.BASE_DIR)
    folders = [root / "base", *(Path(app.path) for app in apps.get_app_configs() if root == Path(app.path).parent)]
    folders += [root / "tests" / "firm"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    files += [root / "requirements" / "base.txt", root / "tests" / "scenes.py", Path(__file__)]
    files += [root / "tests" / "accounts" / "conftest.py"]
    found = hashlib.sha256()
    for path in sorted(files):
        found.update(f"{path.relative_to(root)}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _fill(folder: Path, name: str, template: str, fill: Callable[[], object], at: datetime) -> None:
    """What was interrupted has another name, and is begun anew."""
    unfinished = _named(folder, "desk_unfinished")
    with _made(unfinished, template), opened(unfinished), set_clock(at):
        fill()
        connection.close()
        if connection.vendor == "sqlite":
            Path(unfinished).rename(name)
        else:
            _on_server(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _all_kept(folder: Path, what: str) -> list[str]:
    if connection.vendor == "sqlite":
        return [str(path) for path in folder.glob(f"desk_{what}_*")]
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"desk_{what}_%"])
        return [name for (name,) in cursor]


@contextmanager
def new_database(folder: Path, template: str = "") -> Iterator[str]:
    """Another database, empty or like `template`, is the desk's inside the block; its address for other processes."""
    name = _named(folder, f"desk_{secrets.token_hex(4)}")
    with _made(name, template), opened(name):
        yield address_of(connection.settings_dict)


@contextmanager
def opened(name: str) -> Iterator[None]:
    """That database is the desk's inside the block, for each of its threads."""
    usual = connections["default"]
    usual_name, usual.settings_dict["NAME"] = usual.settings_dict["NAME"], name
    # A connection of its own: the usual one may be amid a transaction, and a failed migration leaves one behind.
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = usual
        usual.settings_dict["NAME"] = usual_name


@contextmanager
def copied(what: str, template: str, blocker: Any) -> Iterator[str]:
    """The name of one more database of this process, like `template`; of the database `blocker` keeps the tests off."""
    name = f"{connection.creation._get_test_db_name()}_{what}"
    with blocker.unblock():
        create(name, template)
    yield name
    with blocker.unblock():
        drop(name)


@contextmanager
def _made(name: str, template: str = "") -> Iterator[None]:
    create(name, template)
    try:
        yield
    finally:
        drop(name)


def create(name: str, template: str = "") -> None:
    """Anew, whatever an interrupted run has left; empty or like `template`."""
    drop(name)
    if connection.vendor == "sqlite":
        shutil.copyfile(template or "/dev/null", name)
    else:
        _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template1"}"')


def drop(name: str) -> None:
    if connection.vendor == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(f"{name}{ending}").unlink(missing_ok=True)
    else:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _named(folder: Path, name: str) -> str:
    return str(folder / name) if connection.vendor == "sqlite" else name


def address_of(settings: dict[str, Any]) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
