"""The client for all outgoing calls, towards a real https host on this machine."""

from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path
from typing import Any

import pytest

from notifications import http
from notifications.addresses import Forbidden
from tests.notifications.servers import HttpsHost

URL = "https://hook.example/hook?x=1"


def post(url: str = URL) -> http.Reply:
    return http.post(url, body=b"{}", headers={"Content-Type": "application/json"})


def test_the_connection_goes_to_the_checked_address_and_tls_asks_for_the_name(https: HttpsHost) -> None:
    https.answers = [(201, b"taken")]
    reply = post()
    assert (reply.status, reply.body) == (201, b"taken")
    [(path, headers, body)] = https.requests
    assert (path, headers["Host"], body) == ("/hook?x=1", "hook.example", b"{}")
    assert https.names == ["hook.example"]


def test_the_name_is_resolved_once_and_every_answer_is_checked(
    https: HttpsHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def rebinding(name: str, port: int) -> list[tuple[str, int]]:
        asked.append(name)
        return [("127.0.0.1", https.port), ("10.0.0.1", https.port)]

    monkeypatch.setattr(http, "resolve", rebinding)
    with pytest.raises(Forbidden):
        post()
    assert asked == ["hook.example"]
    assert https.requests == []


def test_inner_addresses_are_refused_before_anything_is_sent(https: HttpsHost, settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = []
    with pytest.raises(Forbidden):
        post()
    assert https.names == []


def test_a_certificate_for_another_name_is_refused(https: HttpsHost) -> None:
    with pytest.raises(http.Unreachable):
        post("https://other.example/")
    assert https.requests == []


def test_an_authority_that_is_not_trusted_is_refused(https: HttpsHost, settings: Any) -> None:
    settings.OUTGOING_CA_FILE = ""
    with pytest.raises(http.Unreachable):
        post()
    assert https.requests == []


def test_no_redirect_is_followed(https: HttpsHost) -> None:
    def redirect(handler: Any) -> None:
        handler.send_response(307)
        handler.send_header("Location", "https://hook.example/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    https.answers = [redirect]
    assert post().status == 307
    assert len(https.requests) == 1


def test_a_proxy_of_the_environment_is_not_asked(https: HttpsHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert post().status == 200


def test_no_more_is_read_than_the_limit(https: HttpsHost) -> None:
    https.answers = [(200, b"x" * (4 * http.LONGEST_REPLY))]
    assert len(post().body) == http.LONGEST_REPLY


def drips(handler: Any) -> None:
    """A sign at a time, each within the time allowed for reading, without end."""
    with contextlib.suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)


def drips_body(handler: Any) -> None:
    with contextlib.suppress(OSError):
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)


@pytest.mark.parametrize("answer", [drips, drips_body])
def test_a_host_that_drips_is_cut_off_after_the_total_time(
    https: HttpsHost, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr(http, "TOTAL", 0.6)
    https.answers = [answer]
    began = time.monotonic()
    with pytest.raises(http.NoAnswer):
        post()
    assert time.monotonic() - began < 3


def test_a_host_that_says_nothing_is_cut_off(https: HttpsHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ", 0.3)
    https.answers = [lambda handler: time.sleep(1)]
    with pytest.raises(http.NoAnswer):
        post()


def test_a_host_that_is_away_was_sent_nothing(https: HttpsHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "resolve", lambda name, port: [("127.0.0.1", 1)])
    with pytest.raises(http.Unreachable):
        post()


@pytest.mark.parametrize(("text", "seconds"), [("30", 30), ("99999", 600), ("-1", 0), ("soon", 0), ("٣", 0)])
def test_the_pause_asked_for_is_read_and_bounded(text: str, seconds: int) -> None:
    assert http._pause(text) == seconds


def test_only_this_module_speaks_http(settings: Any) -> None:
    """Everything that goes out takes the checks above."""
    rooms = [path for path in Path(settings.BASE_DIR).iterdir() if (path / "__init__.py").exists()]
    ours = {"tests", "benchmarks", "node_modules"}
    speaking = [
        path
        for room in rooms
        if room.name not in ours
        for path in room.rglob("*.py")
        if re.search(r"^(?:from|import) (?:urllib3|requests|httpx|aiohttp)", path.read_text(), re.MULTILINE)
    ]
    assert [path.name for path in speaking] == ["http.py"]
