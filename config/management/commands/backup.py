"""`manage.py backup FILE`: the embedded desk in one file, while it works."""

from __future__ import annotations

import os
import sqlite3
import tarfile
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from files import bucket

DATABASE, FILES, COPY = "desk.sqlite3", "files", "checkpoints.jsonl"


class Command(BaseCommand):
    help = "Puts database, attachments and the copy of the checkpoints of the embedded desk into one file; no keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, say desk-20261123.tar.gz")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("This is for the embedded desk. For PostgreSQL, deploy/README.md names the commands.")
        refuse_bucket()
        if file.exists():
            raise CommandError(f"{file} is there already. Choose another name.")
        with TemporaryDirectory(dir=settings.VAR_DIR) as folder:
            _write(unfinished := Path(folder) / "backup.tar.gz", copied_database(Path(folder)))
            unfinished.chmod(0o600)
            os.replace(unfinished, file)
        self.stdout.write(f"{file} holds database, attachments and the copy of the checkpoints.")
        self.stdout.write(f"The keys are not in it. Keep a copy of them elsewhere: {', '.join(_keys())}")


def refuse_bucket() -> None:
    """Raises CommandError where the attachments lie in a bucket, which no file of ours holds."""
    if bucket.is_used():
        raise CommandError(
            "The attachments lie in a bucket. Copy them with manage.py copy_attachments, or where it is."
        )


def copied_database(folder: Path) -> Path:
    """The database as of one moment, while others go on writing."""
    connection.ensure_connection()
    with closing(sqlite3.connect(folder / DATABASE)) as copy:
        connection.connection.backup(copy)
    return folder / DATABASE


def _write(file: Path, database: Path) -> None:
    """The database first: what it names comes after it, and is never taken away."""
    with tarfile.open(file, "x:gz") as archive:
        archive.add(database, DATABASE)
        for name, path in ((FILES, Path(settings.MEDIA_ROOT)), (COPY, Path(settings.CHECKPOINT_COPY))):
            if path.exists():
                archive.add(path, name)


def _keys() -> list[str]:
    names = ("checkpoint_key", "encryption_key", "secret_key")
    return [str(path) for name in names if (path := Path(settings.VAR_DIR) / name).exists()]
