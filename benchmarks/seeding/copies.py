"""Each record with all that belongs to it, so often as a desk of that size has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F

from base.clock import set_clock
from benchmarks.seeding.patterns import Pattern, execute
from benchmarks.seeding.plays import WEEK, Played, play
from notifications.models import Notification
from reports.actions import recount_all
from tests import scenes
from tests.firm import open_firm

AT_ONCE, WHOLE = 25_000, 100_000
# Beyond those that were given while the records were played.
FIRST_NUMBER = 1001
# How far back the records go, and how far apart those of one week begin.
WEEKS, SPREAD = 100, 3000


def begin() -> list[Played]:
    """Fill the open database, which is migrated and empty, with the firm of the tests and a record of each kind."""
    with set_clock(scenes.MONDAY - WEEK):
        open_firm()
    played = list(play())
    with transaction.atomic():
        settle(played)
    return played


def copy(played: list[Played], size: int, whole: int = WHOLE) -> None:
    """Make copies until there are `size` records, in a database that holds what was played; then look at all.

    The newest `whole` of them have chain and filed form, which take four fifths of the time and of the room; the others
    have all rows beside.
    """
    add(played, size, whole)
    _finish()


def add(played: list[Played], size: int, whole: int = 0) -> None:
    """The copies alone, within the transaction of whoever takes them away again."""
    execute("CREATE TEMPORARY TABLE copies (g bigint, pattern integer, shift interval, number text)")
    execute("CREATE TEMPORARY TABLE digests (g bigint, was text, made text)")
    # The long texts, a quarter of the time.
    execute("SET default_toast_compression = lz4")
    patterns = [Pattern(number, each) for number, each in enumerate(played)]
    wanted, first = _wanted(played, size), 0
    without = max(0, len(wanted) - whole)
    while first < len(wanted):
        last = min(first + AT_ONCE, without if first < without else len(wanted))
        _number(wanted[first:last], first, size)
        with _unguarded():
            for number in sorted({pattern for pattern, _is_over in wanted[first:last]}):
                patterns[number].copy(whole=first >= without)
        first = last
    execute("DROP TABLE copies, digests")


def settle(played: Iterable[Played]) -> None:
    """What is over rings no bell any more, and no letter about it waits."""
    streams = [each.declaration.stream for each in played if each.is_over]
    about = Notification.objects.filter(stream__in=streams)
    waiting = about.filter(next_attempt_at__isnull=False)
    waiting.update(status="cancelled", reason="withdrawn", next_attempt_at=None, claimed_at=None)
    about.filter(status="sent").update(seen_at=F("created_at"))


def _wanted(played: list[Played], size: int) -> list[tuple[int, bool]]:
    """The patterns of the copies, from the oldest to what is open now."""
    going_on = ((number, int(each.share)) for number, each in enumerate(played) if not each.is_over)
    opened = [(number, False) for number, share in going_on for _copy in range(share)]
    over = size - len(played) - len(opened)
    total = sum(each.share for each in played if each.is_over)
    due, found = [0.0] * len(played), []
    ended = [number for number, each in enumerate(played) if each.is_over]
    for _copy in range(over):
        for number in ended:
            due[number] += played[number].share / total
        most = max(ended, key=due.__getitem__)
        due[most] -= 1
        found.append((most, True))
    return found + opened


def _number(batch: list[tuple[int, bool]], before: int, size: int) -> None:
    """Which copies are made next, when they happened, and the number of each in the order of its day."""
    execute("TRUNCATE copies, digests")
    rows = []
    for at, (pattern, is_over) in enumerate(batch, start=before):
        week = WEEKS - at * WEEKS // size if is_over else 0
        day = scenes.MONDAY - timedelta(weeks=week + is_over)
        number = f"SD-{day:%Y%m%d}-{FIRST_NUMBER + at}"
        rows.append(f"({at + 1}, {pattern}, interval '{-7 * week} days {at % SPREAD} seconds', '{number}')")
    execute(f"INSERT INTO copies VALUES {', '.join(rows)}")
    execute("CREATE INDEX IF NOT EXISTS copies_pattern ON copies (pattern)")
    execute("CREATE INDEX IF NOT EXISTS digests_was ON digests (was, g)")
    execute("ANALYZE copies")


COUNTED = """
    INSERT INTO incidents_daycounter (kind, day, last)
    SELECT substr(number, 1, 2), substr(number, 4, 8)::date, max(substr(number, 13)::integer)
    FROM (SELECT number FROM incidents_declaration UNION ALL SELECT number FROM escalation_problem) AS given
    GROUP BY 1, 2 ON CONFLICT (kind, day) DO UPDATE SET last = excluded.last
"""


def _finish() -> None:
    """Keys and numbers go on behind those of the copies, the figures count them, and the planner knows the tables."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if isinstance(model._meta.pk, models.AutoField) and not model._meta.proxy:
                table = model._meta.db_table
                sequence = f"pg_get_serial_sequence('\"{table}\"', 'id')"
                cursor.execute(f'SELECT setval({sequence}, max(id)) FROM "{table}" HAVING max(id) > 0')
    execute(COUNTED)
    recount_all()
    execute("VACUUM ANALYZE")


@contextmanager
def _unguarded() -> Iterator[None]:
    """No guards, no checks of keys: the copies are as right as their pattern."""
    with transaction.atomic():
        execute("SET LOCAL session_replication_role = replica")
        yield
        execute("SET LOCAL session_replication_role = origin")
