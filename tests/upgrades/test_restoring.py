"""Backup and restore as deploy/README.md tells: by commands, with guards, and no number is given twice."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from base.clock import set_clock
from config.management.commands import seal_ledger
from config.management.commands.desk_up import claimed_folder
from incidents.models import Declaration
from ledger import triggers
from ledger.actions import seal
from tests import databases, scenes
from tests.faults.servers import programs
from tests.firm import open_firm

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the embedded desk")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="production")


@pytest.fixture
def desk(
    django_db_setup: None, migrated_database: str, django_db_blocker: Any, tmp_path: Path, settings: Any
) -> Iterator[Path]:
    """A desk of its own with two calls, sealed, on that Monday; its folder."""
    settings.VAR_DIR, settings.CHECKPOINT_KEY_FILE = tmp_path, str(tmp_path / "checkpoint_key")
    copied = databases.new_database(tmp_path, migrated_database)
    with django_db_blocker.unblock(), copied, set_clock(scenes.MONDAY):
        open_firm()
        take_calls(2)
        yield tmp_path


def take_calls(count: int) -> list[str]:
    taken = [scenes.Scene().accepted().number for _ in range(count)]
    seal()
    return taken


def verified() -> str:
    said = StringIO()
    call_command("verify_ledger", stdout=said)
    return said.getvalue()


@on_sqlite
def test_a_backup_is_put_back_with_guards_and_no_number_is_given_twice(desk: Path) -> None:
    call_command("backup", str(desk / "night.tar.gz"), stdout=(said := StringIO()))
    assert str(desk / "checkpoint_key") in said.getvalue()
    assert take_calls(2) == ["SD-20261123-003", "SD-20261123-004"]
    call_command("restore", str(desk / "night.tar.gz"), "disk failure", stdout=said)
    assert Declaration.objects.count() == 2
    assert "SD-20261123-004 was given before" in said.getvalue()
    triggers.require()
    assert take_calls(1) == ["SD-20261123-005"]
    assert "Everything fits" in verified()


@on_sqlite
def test_without_the_copy_of_the_checkpoints_numbers_would_be_given_again(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal_ledger, "go_on_after", lambda known: [])
    call_command("backup", str(desk / "night.tar.gz"), stdout=StringIO())
    taken = take_calls(1)
    call_command("restore", str(desk / "night.tar.gz"), "disk failure", stdout=StringIO())
    assert take_calls(1) == taken


@on_sqlite
def test_nothing_is_restored_under_a_desk_that_runs_or_from_another_file(desk: Path) -> None:
    (desk / "other.tar.gz").write_bytes(b"no archive")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", str(desk / "other.tar.gz"), "by mistake")
    with claimed_folder(8000), pytest.raises(CommandError, match="runs already"):
        call_command("restore", str(desk / "other.tar.gz"), "by mistake")
    assert Declaration.objects.count() == 2


@on_sqlite
@pytest.mark.parametrize("name", ["../elsewhere", "/elsewhere/desk", "files/link"])
def test_what_no_backup_holds_is_refused(desk: Path, name: str) -> None:
    foreign = tarfile.TarInfo(name)
    if name.endswith("link"):
        foreign.type, foreign.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(desk / "foreign.tar.gz", "w:gz") as archive:
        archive.addfile(foreign, BytesIO())
    with pytest.raises(CommandError, match="which no backup of a desk does"):
        call_command("restore", str(desk / "foreign.tar.gz"), "disk failure", stdout=StringIO())


@on_postgresql
def test_a_dump_goes_into_an_empty_database_without_an_error(desk: Path) -> None:
    dumped, taken = dump(desk), take_calls(1)
    with databases.new_database(desk) as address:
        assert restored(dumped, address) == (0, "")
        call_command("migrate", verbosity=0)
        triggers.require()
        call_command("seal_ledger", after_restore="disk failure", stdout=StringIO())
        assert take_calls(1) == ["SD-20261123-004"] != taken
        assert "Everything fits" in verified()


@on_postgresql
def test_without_the_copy_of_the_checkpoints_a_restored_dump_gives_a_number_again(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal_ledger, "go_on_after", lambda known: [])
    dumped, taken = dump(desk), take_calls(1)
    with databases.new_database(desk) as address:
        assert restored(dumped, address) == (0, "")
        call_command("migrate", verbosity=0)
        call_command("seal_ledger", after_restore="disk failure", stdout=StringIO())
        assert take_calls(1) == taken


@on_postgresql
def test_after_migrating_the_dump_does_not_go_in(desk: Path) -> None:
    with databases.new_database(desk) as address:
        call_command("migrate", verbosity=0)
        assert restored(dump(desk), address)[0] != 0


def dump(folder: Path) -> Path:
    file = folder / "desk.dump"
    run("pg_dump", "--format", "custom", "--file", str(file), databases.address_of(connection.settings_dict))
    return file


def restored(file: Path, address: str) -> tuple[int, str]:
    """How deploy/README.md restores, and how that ends."""
    options = ["--no-owner", "--exit-on-error", "--single-transaction"]
    ended = run("pg_restore", *options, "--dbname", address, str(file), check=False)
    return ended.returncode, ended.stderr


def run(program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    folder = programs()
    assert folder is not None
    return subprocess.run([folder / program, *arguments], capture_output=True, text=True, check=check)
