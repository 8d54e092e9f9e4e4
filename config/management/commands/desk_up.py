"""The embedded desk: everything that it needs, as one process tree."""

from __future__ import annotations

import argparse
import fcntl
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.first_code import first_code, is_unopened
from accounts.models import User
from config.processes import Child, ProcessTree
from ledger import triggers

HOST = "127.0.0.1"
BACKLOG = 128
# As long as the web server takes: an address may hold a search of several hundred Chinese characters.
LONGEST_LINE = "8190"


class Command(BaseCommand):
    """Migrates, loads the demonstration into an empty desk, then runs web server, worker and beat until Ctrl-C."""

    help = "Run the embedded desk on this machine: web server, worker and beat."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty desk empty")

    def handle(self, *args: Any, port: int, no_demo: bool, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("This command runs the embedded desk. In production, run what docker-compose.yml names.")
        # Both are held until the end, so that of two starts at one moment one says that the other is there.
        with claimed_folder(port), claimed_port(port) as listening:
            self._run(port, listening.fileno(), no_demo)
        self.stdout.write("The desk is closed.")

    def _run(self, port: int, listening: int, no_demo: bool) -> None:
        if _is_unfinished():
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0)
        if not no_demo:
            self._load_demo()
        # This connection stays open: the first to open a database in WAL mode and the last to close it do work
        # that the others must wait for, and web and worker would meet there at every start.
        connection.ensure_connection()
        threading.Thread(target=self._announce, args=[port, _accounts(port)], daemon=True).start()
        ProcessTree(_children(listening), {**os.environ, **_environment(port)}).run()

    def _load_demo(self) -> None:
        """Fill an empty desk, or let the demonstration go on to this day; a desk in real use is left alone."""
        if _demo_password() or not User.objects.exists():
            try:
                call_command("load_demo", stdout=sys.stdout)
            except CommandError as refused:
                # The note of a demonstration beside another desk's database: that desk opens as it is.
                self.stdout.write(str(refused))

    def _announce(self, port: int, accounts: str) -> None:
        """Say where the desk is once it answers, and who can sign in."""
        address = f"http://{HOST}:{port}"
        while not _answers(f"{address}/healthz"):
            time.sleep(0.3)
        self.stdout.write(accounts)
        self.stdout.write(self.style.SUCCESS(f"The desk is open at {address}/ (Ctrl-C closes it)"))
        self.stdout.flush()


def _demo_password() -> str:
    """The password that `load_demo` chose and noted; empty when it never ran."""
    note = Path(settings.VAR_DIR) / "demo_accounts.txt"
    return note.read_text().strip() if note.exists() else ""


def _accounts(port: int) -> str:
    """Who can sign in, or how the first account is made."""
    if is_unopened():
        return f"\nNobody has an account yet. http://{HOST}:{port}/start/ asks for the code {first_code()}"
    password = _demo_password()
    if not password:
        return ""
    people = User.objects.filter(is_active=True).select_related("department").order_by("employee_number")
    lines = [f"  {person.username:<12} {person.name}  {person.title}, {person.department.name}" for person in people]
    return "\n".join(["", *lines, f"Password of all demonstration accounts: {password}"])


def _environment(port: int) -> dict[str, str]:
    # Celery advises against root at every start; this machine's owner has chosen.
    return {"PUBLIC_URL": f"http://{HOST}:{port}", "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}


def _children(listening: int) -> list[Child]:
    python = sys.executable
    web = [python, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{listening}", "--worker-class", "gthread"]
    web += ["--workers", "1", "--threads", "8", "--limit-request-line", LONGEST_LINE]
    web += ["--log-level", "warning", "--no-control-socket"]
    worker = [python, "-m", "celery", "-A", "config", "--quiet", "worker", "-B", "--pool", "threads", "-c", "2"]
    worker += ["--schedule", str(Path(settings.VAR_DIR) / "beat-schedule"), "--without-gossip", "--without-mingle"]
    worker += ["--loglevel", "WARNING"]
    return [Child("web", web, inherits=[listening]), Child("worker", worker)]


@contextmanager
def claimed_folder(port: int) -> Iterator[None]:
    """Refuse a data folder whose desk runs or starts: two would migrate and fill it at the same moment."""
    with (Path(settings.VAR_DIR) / "desk.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CommandError(f"This desk runs already, at http://{HOST}:{lock.read()}/") from error
        lock.truncate(0)
        lock.write(str(port))
        lock.flush()
        yield


@contextmanager
def claimed_port(port: int) -> Iterator[socket.socket]:
    """Listen on the port for the web server; refuse one that somebody else holds."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen(BACKLOG)
        except OSError as error:
            raise CommandError(f"Port {port} is in use. Choose another one: PORT={port + 1} make run") from error
        yield listening


def _is_unfinished() -> bool:
    """Whether there is something to migrate, or a killed migration left the records without guards."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes())) or bool(triggers.missing())


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5)  # noqa: S310  our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
