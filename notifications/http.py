"""The one client for every call that the desk makes over http.

The name is resolved once, every address that comes back is checked, and the connection goes to that very address
while TLS still asks for the name: a name that answers differently the second time gains nothing. No redirect is
followed, no proxy asked, no more than `LONGEST_REPLY` read, and after `TOTAL` seconds the connection is cut whatever
the other side does.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from ipaddress import ip_network
from threading import Timer

from django.conf import settings
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError

from notifications.addresses import HTTPS, Target, check_address, target_of

CONNECT, READ, TOTAL = 5.0, 10.0, 15.0
LONGEST_REPLY = 64 * 1024
LONGEST_PAUSE = 600
MOST_ADDRESSES = 3
# A certificate for another name is a ValueError.
FAILURES = (HTTPError, HTTPException, OSError, ValueError)


class Unreachable(Exception):
    """No connection came about; nothing was sent."""


class NoAnswer(Exception):
    """The connection broke or the time was over; whether the other side got it, nobody knows."""


@dataclass(frozen=True)
class Reply:
    """What came back: status, the first part of the body, and the seconds that the other side asks to wait."""

    status: int
    body: bytes
    retry_after: int = 0


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
    """POST to a public https address; raises `Forbidden`, `Unreachable` or `NoAnswer`."""
    target = target_of(url, settings.WEBHOOK_PORTS)
    with _connected(target) as (connection, deadline):
        try:
            reply = _exchange(connection, target, body, headers)
        except FAILURES as error:
            raise NoAnswer(type(error).__name__) from error
        if deadline.passed:
            raise NoAnswer("the time was over")
        return reply


def resolve(host: str, port: int) -> list[tuple[str, int]]:
    """Addresses and port of the name, as the system finds them; raises `Unreachable`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("the name is not known") from error
    return [(str(address[0]), port) for *_rest, address in found]


class _Deadline:
    """Cuts a connection at the end of the total time, in whatever call another thread waits on it."""

    def __init__(self, connection: HTTPSConnection) -> None:
        self.passed = False
        self._connection = connection
        self._sock: socket.socket | None = None
        self._timer = Timer(TOTAL, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def hold(self) -> None:
        """Keep the socket in sight: http.client lets go of it where no second request can follow."""
        self._sock = self._connection.sock

    def close(self) -> None:
        self._timer.cancel()
        self._connection.close()

    def _cut(self) -> None:
        self.passed, sock = True, self._sock or self._connection.sock
        if sock is not None:
            with suppress(OSError):
                # Not the method of SSLSocket, which takes the encryption away from under the reading thread.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


@contextmanager
def _connected(target: Target) -> Iterator[tuple[HTTPSConnection, _Deadline]]:
    """A connection to the first address that answers; all of them must be allowed."""
    found = list(dict.fromkeys(resolve(target.host, target.port)))
    networks = [ip_network(one) for one in settings.WEBHOOK_NETWORKS]
    for address, _port in found:
        check_address(address, networks)
    connection, deadline = _first_that_answers(target, found[:MOST_ADDRESSES])
    try:
        yield connection, deadline
    finally:
        deadline.close()


def _first_that_answers(target: Target, found: list[tuple[str, int]]) -> tuple[HTTPSConnection, _Deadline]:
    failure = "the name has no address"
    for address, port in found:
        connection = HTTPSConnection(
            address,
            port,
            timeout=CONNECT,
            ssl_context=_trust(str(settings.OUTGOING_CA_FILE)),
            server_hostname=target.host,
            assert_hostname=target.host,
        )
        deadline = _Deadline(connection)
        try:
            connection.connect()
        except FAILURES as error:
            deadline.close()
            failure = type(error).__name__
        else:
            deadline.hold()
            return connection, deadline
    raise Unreachable(failure)


def _exchange(connection: HTTPSConnection, target: Target, body: bytes, headers: Mapping[str, str]) -> Reply:
    host = target.host if target.port == HTTPS else f"{target.host}:{target.port}"
    if connection.sock is not None:
        connection.sock.settimeout(READ)
    fixed = {"Host": host, "User-Agent": "incident-desk", "Accept-Encoding": "identity"}
    connection.request("POST", target.path, body=body, headers={**headers, **fixed}, preload_content=False)
    response = connection.getresponse()
    content = response.read(LONGEST_REPLY, decode_content=False)
    return Reply(response.status, content, _pause(response.headers.get("Retry-After", "")))


def _pause(text: str) -> int:
    return min(int(text), LONGEST_PAUSE) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


@lru_cache(maxsize=2)
def _trust(ca_file: str) -> ssl.SSLContext:
    """The authorities of this machine, and the firm's own if it names them."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context
