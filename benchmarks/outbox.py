"""How many e-mails a second leave the outbox for a mail server on this machine.

Run `python -m benchmarks.outbox` with DATABASE_URL for PostgreSQL, without for the embedded database; it makes a
scratch database and drops it. The server is a sink of our own in a process of its own, which keeps to the
conversation of SMTP and forgets the rest: aiosmtpd, which the tests use, would be measured instead of the desk.
"""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import Department, User  # noqa: E402
from notifications.actions import Notice, notify_all  # noqa: E402
from notifications.delivery.mail import deliver_mail  # noqa: E402
from notifications.models import Notification  # noqa: E402

COUNT, GOAL = 4_000, 1_000


def main() -> None:
    sink = subprocess.Popen([sys.executable, "-m", "benchmarks.outbox", "sink"], stdout=subprocess.PIPE, text=True)
    try:
        assert sink.stdout is not None
        rate = _measured(int(sink.stdout.readline()))
    finally:
        sink.terminate()
    verdict = "ok" if rate >= GOAL else "red"
    print(f"{'mails a second to a local SMTP sink':44} {rate:10,.0f}   goal {GOAL:,}   {verdict}")


def _measured(port: int) -> float:
    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0)
    try:
        settings.OUTGOING, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", port
        _fill(COUNT // 10)
        _deliver(COUNT // 10)
        _fill(COUNT)
        began = perf_counter()
        _deliver(COUNT)
        return COUNT / (perf_counter() - began)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _fill(count: int) -> None:
    """So many warnings to somebody of the firm, as a sweep writes them."""
    department, _ = Department.objects.get_or_create(code="D1", name="一部")
    person, _ = User.objects.get_or_create(
        username="liu", employee_number="1", name="刘思远", department=department, email="liu@firm.example"
    )
    first = Notification.objects.count()
    notify_all(
        Notice("warning.resolution.90", f"declaration:{key}", f"SD-20261122-{key}", [person], {"level": 2},
               threshold=90, channel="email")
        for key in range(first, first + count)
    )  # fmt: skip


def _deliver(count: int) -> None:
    sent = deliver_mail()
    assert sent == count, f"{sent} of {count} sent"


class _Sink(socketserver.StreamRequestHandler):
    """Takes every message. Commands come one at a time, as a client without pipelining sends them."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.connection.sendall(b"220 sink\r\n")
        receive, answer = self.rfile.readline, self.connection.sendall
        while line := receive():
            verb = line[:4].upper()
            if verb == b"DATA":
                answer(b"354 go on\r\n")
                while receive() != b".\r\n":
                    pass
            answer(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def _serve() -> None:
    with _Server(("127.0.0.1", 0), _Sink) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    _serve() if "sink" in sys.argv[1:] else main()
