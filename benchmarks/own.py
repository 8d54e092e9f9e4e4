"""This desk on a scratch database, served by processes of its own."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.actions.tokens import create_token
from accounts.actors import CHINA, SYSTEM
from accounts.models import ApiToken
from base.clock import set_clock
from benchmarks import seeding
from benchmarks.served import Served
from incidents import actions
from ledger.models import Entry
from tests import databases
from tests.firm import LIU_DESK, TANG_BANK_B, client_of, contact, person
from tests.firm.calls import caller_of, sent_call
from tests.scenes import Scene

EVENTS = 20


@contextmanager
def desk(size: int, threads: int = 1) -> Iterator[Served]:
    """A desk with so many records, served to somebody who is signed in and to a program."""
    name = f"beside_{secrets.token_hex(4)}"
    databases.create(name)
    try:
        with databases.opened(name):
            with set_clock(databases.INSTALLED):
                call_command("migrate", verbosity=0)
            seeding.copy(seeding.begin(), size)
            given = _given()
            address = databases.address_of(connection.settings_dict)
        own = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": address}
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--preload"]
        with Served(command, os.environ | own, given, threads) as served:
            yield served
    finally:
        databases.drop(name)


def _given() -> dict[str, str]:
    """What the client needs to know: its session, its token, a record with `EVENTS` events, and a caller."""
    with set_clock(datetime.now(CHINA).replace(hour=10)):  # noqa: TID251  the served desk has that day too
        scene = Scene()
        record = scene.handled()
        while Entry.objects.filter(stream=record.stream).count() < EVENTS:
            record = scene.do(actions.log_handling, record, LIU_DESK, what="查看日志", result="正在处理")
        _token, key = create_token(
            actor=SYSTEM, user=person(LIU_DESK), name="beside", days=1, scope=ApiToken.Scope.WRITE
        )
        session = client_of(LIU_DESK).session.session_key
    return {
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session}",
        "csrf": settings.CSRF_COOKIE_NAME,
        "token": key,
        "record": record.number,
        **caller_of(contact(TANG_BANK_B)),
    }


def log_call(desk: Served) -> None:
    """A call as the form sends it."""
    desk.post("/register/", sent_call(desk.given), expected=302)
