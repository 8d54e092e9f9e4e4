"""Of two embedded desks that start at one moment, one runs and the other says so."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from config.management.commands.desk_up import HOST, claimed_folder, claimed_port


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def test_a_port_is_held_from_the_moment_at_which_it_is_claimed() -> None:
    port = free_port()
    with claimed_port(port), pytest.raises(CommandError, match=f"PORT={port + 1} make run"), claimed_port(port):
        pass
    with claimed_port(port):
        pass


def test_a_port_that_is_bound_and_not_listened_to_would_be_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "listen", lambda *_: None)
    claimed = []
    with claimed_port(port := free_port()):
        claimed.append(port)
        with claimed_port(port):
            claimed.append(port)
    assert claimed == [port, port]


def test_a_folder_has_one_desk_and_says_where() -> None:
    said = re.escape("runs already, at http://127.0.0.1:8001/")
    with claimed_folder(8001), pytest.raises(CommandError, match=said), claimed_folder(8002):
        pass
    with claimed_folder(8002):
        pass
