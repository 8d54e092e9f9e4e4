"""Lists, reports and search read from a replica of PostgreSQL where REPLICA_URL names one (decision 0072).

The pages named here only read. While such a page is made, its thread has the replica in the place of its database:
every query of the ORM and every statement of ours goes there, and what would write is refused by PostgreSQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpResponse
from django.urls import reverse

from accounts.requests import DeskRequest, forget_reads

Answer = Callable[[DeskRequest], HttpResponse]

PAGES = ("records", "command", "reports", "reports-records")
READING = ("GET", "HEAD")
PRIMARY, REPLICA = "default", "replica"
# The place in the log of PostgreSQL behind which all lies that this browser has written.
COOKIE, COOKIE_AGE = "written", 15 * 60
# Something is written every 15 seconds: a younger page is as good as it can be.
TOLD = timedelta(seconds=15)
# Older than this nobody is shown anything, whatever it costs the primary.
OLDEST = timedelta(minutes=2)
# A replica that did not answer is left alone for so many seconds.
LEFT_ALONE = 10
# All empty on a server that has followed none since it started.
STATE = """
SELECT replayed >= %s::pg_lsn, replayed >= %s::pg_lsn, as_of, now() - as_of
FROM (SELECT pg_last_wal_replay_lsn() AS replayed, pg_last_xact_replay_timestamp() AS as_of) AS state
"""
START = "0/0"
PLACE = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")

log = structlog.get_logger(__name__)


class ReadingFromReplica:
    """Middleware, the last one: the pages of `PAGES` from the replica, unless it lacks what this browser has written.

    A replica that is away, fails amid a page or is older than `OLDEST` costs nobody a page: the primary answers.
    `request.as_of` is the moment as of which a page is, where that is longer ago than `TOLD`. Who asks, and with which
    rights, is always read from the primary.
    """

    def __init__(self, get_response: Answer) -> None:
        if REPLICA not in connections:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.away_until = 0.0

    def __call__(self, request: DeskRequest) -> HttpResponse:
        if request.method not in READING:
            return self._noted(request, self.get_response(request))
        if request.path not in map(reverse, PAGES) or not request.user.is_authenticated or not self._serves(request):
            return self.get_response(request)
        request.primary = connections[PRIMARY]
        connections[PRIMARY] = connections[REPLICA]
        try:
            return self.get_response(request)
        finally:
            connections[PRIMARY] = request.primary

    def process_exception(self, request: DeskRequest, exception: Exception) -> HttpResponse | None:
        """The page anew from the primary, when the replica fails or ends a query that holds up what it follows."""
        if connections[PRIMARY].alias != REPLICA or not isinstance(exception, DatabaseError | InterfaceError):
            return None
        self._leave_alone(exception)
        connections[PRIMARY], request.as_of = request.primary, None
        forget_reads(request)
        return self.get_response(request)

    def _serves(self, request: DeskRequest) -> bool:
        if monotonic() < self.away_until or not request.actor:
            return False
        written = request.COOKIES.get(COOKIE, "")
        try:
            with connections[REPLICA].cursor() as cursor:
                cursor.execute(STATE, [_place(), written if PLACE.fullmatch(written) else START])
                is_even, has_own, as_of, age = cursor.fetchone()
        except (DatabaseError, InterfaceError) as error:
            self._leave_alone(error)
            return False
        # Also of one that claims to be ahead: it follows another server, or none any more.
        serves = has_own and age is not None and age < OLDEST
        request.as_of = as_of if serves and not is_even and age > TOLD else None
        return bool(serves)

    def _leave_alone(self, error: Exception) -> None:
        log.warning("replica_away", reason=str(error))
        self.away_until = monotonic() + LEFT_ALONE

    def _noted(self, request: DeskRequest, response: HttpResponse) -> HttpResponse:
        """The answer to a step, with the place behind which lies what it wrote."""
        if request.user.is_authenticated and response.status_code < 500:
            response.set_cookie(
                COOKIE,
                _place(),
                max_age=COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def _place() -> str:
    """How far the primary's log reaches."""
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        return str(cursor.fetchone()[0])
