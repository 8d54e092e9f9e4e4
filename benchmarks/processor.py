"""What the pages and the two ways to log a call cost in processor time, statements and bytes.

Run `python -m benchmarks.processor` with DATABASE_URL for PostgreSQL; it makes a scratch database and drops it.
With the name of a line, as in `python -m benchmarks.processor "list of desk"`, it tells by pyinstrument where the time
goes. What was measured before and after each change stands in docs/speed.md.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import TypeAlias

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from pyinstrument import Profiler  # noqa: E402

from accounts.actions.tokens import create_token  # noqa: E402
from accounts.actors import SYSTEM  # noqa: E402
from accounts.models import ApiToken  # noqa: E402
from base.clock import set_clock  # noqa: E402
from benchmarks import seeding  # noqa: E402
from benchmarks.own import EVENTS  # noqa: E402
from incidents import actions  # noqa: E402
from ledger.models import Entry  # noqa: E402
from tests import databases  # noqa: E402
from tests.firm import CHEN_HEAD, LIU_DESK, TANG_BANK_B, client_of, contact, person  # noqa: E402
from tests.firm.calls import caller_of, posted_call, sent_call  # noqa: E402
from tests.scenes import Scene  # noqa: E402

SIZE, WARM, ROUNDS, PROFILED = 1_000, 4, 25, 100
# The goals: milliseconds of a page and of logging, bytes of the pages that are named.
PAGE, LOGGING = 20, 12
MOST_BYTES = {"list": 60_000, "record": 120_000}
ROLES = {"desk": LIU_DESK, "head": CHEN_HEAD}
PAGES = {
    "my desk": "/",
    "list": "/records/?view=all&sort=received",
    "record": "/records/{record}/",
    "form": "/register/",
}
Work: TypeAlias = Callable[[], HttpResponse]


@dataclass(frozen=True)
class Line:
    """One piece of work, what it may cost in milliseconds, and in bytes where that was said."""

    work: Work
    most: int
    most_bytes: int = 0


def main(profiled: str = "") -> int:
    """Print each line, 1 if a goal is missed; or the profile of the one that is named."""
    if connection.vendor != "postgresql":
        print("processor: only on PostgreSQL, name one by DATABASE_URL")
        return 0
    with _desk() as lines:
        if profiled:
            return _profile(lines[profiled].work)
        missed = [name for name, line in lines.items() if not _measured(name, line)]
    return int(bool(missed))


@contextmanager
def _desk() -> Iterator[dict[str, Line]]:
    """Everything that is measured, at a desk of `SIZE` records on the day of the generator."""
    with TemporaryDirectory() as folder, databases.new_database(Path(folder)):
        with set_clock(databases.INSTALLED):
            call_command("migrate", verbosity=0)
        seeding.copy(seeding.begin(), SIZE)
        with set_clock(seeding.NOW):
            record = _record()
            yield {
                **{
                    f"{page} of {role}": Line(
                        partial(client_of(number, SERVER_NAME="localhost").get, path.format(record=record)),
                        PAGE,
                        MOST_BYTES.get(page, 0),
                    )
                    for role, number in ROLES.items()
                    for page, path in PAGES.items()
                },
                "log a call by form": Line(_by_form(), LOGGING),
                "log a call by REST": Line(_by_rest(), LOGGING),
            }


def _record() -> str:
    """The number of a record with `EVENTS` events."""
    scene = Scene()
    record = scene.handled()
    while Entry.objects.filter(stream=record.stream).count() < EVENTS:
        record = scene.do(actions.log_handling, record, LIU_DESK, what="查看日志", result="正在处理")
    return record.number


def _by_form() -> Work:
    client, caller = client_of(LIU_DESK, SERVER_NAME="localhost"), caller_of(contact(TANG_BANK_B))
    return lambda: client.post("/register/", sent_call(caller, at=seeding.NOW))


def _by_rest() -> Work:
    user, scope = person(LIU_DESK), ApiToken.Scope.WRITE
    _token, key = create_token(actor=SYSTEM, user=user, name="processor", days=1, scope=scope)
    client, call = (
        Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {key}"}),
        posted_call(TANG_BANK_B, seeding.NOW),
    )

    def send() -> HttpResponse:
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        return client.post("/api/v1/declarations/", call, content_type="application/json", headers=headers)

    return send


def _measured(name: str, line: Line) -> bool:
    """Print the median of the rounds; whether it is within the goals."""
    took = sorted(_taken(line.work) for _round in range(WARM + ROUNDS))
    milliseconds = 1000 * median(took)
    with CaptureQueriesContext(connection) as statements:
        size = len(line.work().content)
    fits = _line(
        name, f"{milliseconds:.1f} ms, {len(statements)} statements", f"{line.most} ms", milliseconds, line.most
    )
    if line.most_bytes:
        fits &= _line(f"{name}, size", f"{size:,} bytes", f"{line.most_bytes:,} bytes", size, line.most_bytes)
    return fits


def _line(name: str, figure: str, goal: str, found: float, most: float) -> bool:
    print(f"{'processor: ' + name:42}  {figure:>26}  goal {goal}  {'ok' if found <= most else 'red'}", flush=True)
    return found <= most


def _taken(work: Work) -> float:
    began = process_time()
    answer = work()
    spent = process_time() - began
    assert answer.status_code < 400, answer.content
    return spent


def _profile(work: Work) -> int:
    for _round in range(WARM):
        work()
    with Profiler(interval=0.0005, async_mode="disabled") as profiler:
        for _round in range(PROFILED):
            work()
    print(profiler.output_text(unicode=True, color=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
