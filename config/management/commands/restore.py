"""`manage.py restore FILE REASON`: the embedded desk as `manage.py backup` wrote it."""

from __future__ import annotations

import os
import tarfile
from argparse import ArgumentParser
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from base.clock import now
from config.management.commands.backup import COPY, DATABASE, FILES, refuse_bucket
from config.management.commands.desk_up import claimed_folder
from ledger.actions.checkpoints import is_behind_copy


class Command(BaseCommand):
    help = "Puts a backup of the embedded desk in the place of what is there, which is kept beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")
        parser.add_argument("reason", help="why; the ledger and the copy of the checkpoints will say so")

    def handle(self, *args: Any, file: Path, reason: str, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("This is for the embedded desk. For PostgreSQL, deploy/README.md names the commands.")
        refuse_bucket()
        with claimed_folder(0), TemporaryDirectory(dir=settings.VAR_DIR) as folder:
            _unpack(file, Path(folder))
            connection.close()
            self._put_in_place(Path(folder))
            call_command("migrate", verbosity=0)
            if is_behind_copy():
                call_command("seal_ledger", after_restore=reason, stdout=self.stdout)
        self.stdout.write("The desk is as the backup has it. Now run manage.py verify_ledger.")

    def _put_in_place(self, folder: Path) -> None:
        """Attachments are only added; a copy of the checkpoints that is there knows more than the one in the backup."""
        database = Path(connection.settings_dict["NAME"])
        for ending in ("", "-wal", "-shm"):
            if (there := Path(f"{database}{ending}")).exists():
                replaced = there.rename(f"{database}.before-{now():%Y%m%d-%H%M%S}{ending}")
                self.stdout.write(f"What was there is kept as {replaced}")
        os.replace(folder / DATABASE, database)
        for path in sorted((folder / FILES).rglob("*")):
            target = Path(settings.MEDIA_ROOT) / path.relative_to(folder / FILES)
            if path.is_file() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
        if (folder / COPY).exists() and not Path(settings.CHECKPOINT_COPY).exists():
            os.replace(folder / COPY, settings.CHECKPOINT_COPY)


def _unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file, "r:gz") as archive:
            for member in archive:
                if not member.isdir():
                    _take_out(archive, member, folder.resolve())
    except (OSError, tarfile.TarError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    if not (folder / DATABASE).exists():
        raise CommandError(f"{file} is no backup of a desk: it holds no {DATABASE}.")


def _take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file below the folder, for its owner alone. The filters of tarfile came with Python 3.11.4.

    Raises CommandError for a link, a device, and what would lie elsewhere.
    """
    place = (folder / member.name).resolve()
    content = archive.extractfile(member) if member.isreg() and place.is_relative_to(folder) else None
    if content is None:
        raise CommandError(f"The file holds {member.name}, which no backup of a desk does.")
    place.parent.mkdir(parents=True, exist_ok=True)
    with content, place.open("wb") as target:
        copyfileobj(content, target)
    place.chmod(0o600)
