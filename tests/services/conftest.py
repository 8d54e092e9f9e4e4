"""What tests share that start the desk's processes."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def roles_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nobody else makes or changes roles meanwhile: they belong to the server, which all workers share."""
    lock = Path(tmp_path_factory.getbasetemp().parent, "roles.lock")
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
