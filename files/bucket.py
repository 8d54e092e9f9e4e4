"""Contents in a bucket of an object store that speaks S3, where FILES_URL names one (decision 0067).

Each upload has an object of its own, `ab/<digest>/<random>`: whoever takes old ones away never takes one that somebody
has just brought. The store must list what was written as soon as the write was answered.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import storages

from files.exceptions import StoreAway

PIECE = 256 * 1024
# What the store answers with one list.
AT_ONCE = 1000


@dataclass(frozen=True)
class Copy:
    """One object: the digest of its content, its key, and when the store took it in."""

    sha256: str
    key: str
    at: datetime


def is_used() -> bool:
    """Whether attachments lie in a bucket and not in the folder."""
    return hasattr(storages["default"], "bucket")


def put(file: BinaryIO, sha256: str) -> None:
    """Store a content; when this returns, the store has it. Raises StoreAway. Never inside a transaction."""
    file.seek(0)
    key = f"{sha256[:2]}/{sha256}/{secrets.token_hex(8)}"
    with _answering():
        _bucket().put_object(Key=key, Body=file, ContentType="application/octet-stream")


def fetch(sha256: str) -> BinaryIO:
    """The content as an open temporary file; raises FileNotFoundError where there is none, and StoreAway."""
    for copy in _copies(f"{sha256[:2]}/{sha256}/"):
        # One that went since it was listed went because there is a younger one.
        try:
            return _fetched(copy.key)
        except FileNotFoundError:
            continue
    raise FileNotFoundError(sha256)


def contents() -> Iterator[list[Copy]]:
    """Everything in the bucket, the copies of one content together, newest first; a request for each thousand."""
    for _digest, copies in groupby(_copies(""), lambda copy: copy.sha256):
        yield sorted(copies, key=lambda copy: copy.at, reverse=True)


def digests() -> set[str]:
    """Which contents are in the bucket; 64 bytes of memory for each."""
    return {copy.sha256 for copy in _copies("")}


def remove(copies: Iterable[Copy]) -> int:
    """Remove objects; answers how many. One that is gone already counts.

    A request for each: for several at once, stores do not agree on the checksum that they want.
    """
    removed = 0
    for copy in copies:
        with _answering():
            _bucket().Object(copy.key).delete()
        removed += 1
    return removed


def let_go(sha256: str, before: datetime) -> bool:
    """Remove what was brought of a content before that moment; answers whether there was any, and none is left."""
    copies = list(_copies(f"{sha256[:2]}/{sha256}/"))
    old = [copy for copy in copies if copy.at < before]
    return bool(remove(old)) and old == copies


def answers() -> bool:
    """Whether the store answers and lets this desk look at its bucket; one request."""
    try:
        next(_copies("", most=1), None)
    except StoreAway:
        return False
    return True


def _fetched(key: str) -> BinaryIO:
    with ExitStack() as unfinished:
        file = unfinished.enter_context(TemporaryFile())
        with _answering():
            for piece in _bucket().Object(key).get()["Body"].iter_chunks(PIECE):
                file.write(piece)
        unfinished.pop_all()
    file.seek(0)
    return cast(BinaryIO, file)


def _copies(prefix: str, most: int = AT_ONCE) -> Iterator[Copy]:
    """The objects below a prefix in the order of their keys; what is called otherwise is not ours."""
    with _answering():
        for found in _bucket().objects.filter(Prefix=prefix).page_size(most):
            match found.key.split("/"):
                case [start, sha256, _random] if len(sha256) == 64 and sha256.startswith(start):
                    yield Copy(sha256, found.key, found.last_modified)


def _bucket() -> Any:
    storage: Any = storages["default"]
    return storage.bucket


@contextmanager
def _answering() -> Iterator[None]:
    """An object that is not there becomes FileNotFoundError, all else that goes wrong StoreAway."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "NoSuchKey":
            raise FileNotFoundError(str(error)) from error
        raise StoreAway(str(error)) from error
    except BotoCoreError as error:
        raise StoreAway(str(error)) from error
