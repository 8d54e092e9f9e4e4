"""`manage.py copy_attachments`: out of the bucket into a folder, or from a folder into the bucket."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from files import bucket
from files.exceptions import StoreAway
from files.models import StoredFile
from files.storage import digest_of, opened, path_in

PROGRESS_EVERY = 1000
OUT, IN = "out", "in"


class Command(BaseCommand):
    help = (
        "Copies every attachment that a row names between the bucket (FILES_URL) and a folder that is laid out as "
        "MEDIA_ROOT is; what is there already is not copied again. out: the bucket's backup; in: moving to a bucket."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("way", choices=[OUT, IN])
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, way: str, folder: Path, **options: Any) -> None:
        if not bucket.is_used():
            raise CommandError("The attachments lie in a folder, which any program copies. This is for a bucket.")
        copy = {OUT: _copied_out, IN: _copied_in}[way]
        try:
            there, copied, missing = bucket.digests(), 0, 0
            for done, stored in enumerate(StoredFile.objects.order_by("pk"), 1):
                copied += copy(stored.pk, folder, there)
                missing += not _is_there(stored, folder, there)
                if done % PROGRESS_EVERY == 0:
                    self.stdout.write(f"  {done:,}")
        except StoreAway as away:
            raise CommandError(f"The bucket does not answer: {away}. Run this again; it goes on.") from away
        self.stdout.write(f"{copied} attachments copied. manage.py verify_ledger compares each with its digest.")
        if missing:
            raise CommandError(f"{missing} attachments are neither in the bucket nor in {folder}. Is it the right one?")


def _is_there(stored: StoredFile, folder: Path, there: set[str]) -> bool:
    """Whether the content is in the bucket or in the folder, or was let go of."""
    return stored.pk in there or path_in(folder, stored.pk).exists() or stored.is_let_go


def _copied_out(sha256: str, folder: Path, there: set[str]) -> bool:
    path = path_in(folder, sha256)
    if path.exists() or sha256 not in there:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    with opened(sha256) as content, unfinished.open("wb") as file:
        copyfileobj(content, file)
    unfinished.replace(path)
    return True


def _copied_in(sha256: str, folder: Path, there: set[str]) -> bool:
    path = path_in(folder, sha256)
    if sha256 in there or not path.exists():
        return False
    with path.open("rb") as content:
        if digest_of(content) != sha256:
            raise CommandError(f"{path} was altered. Bring it back from a backup, then run this again.")
        bucket.put(content, sha256)
    return True
