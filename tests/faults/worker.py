"""Celery as the compose file starts it, with one fence taken away or the lease shortened:

    python -m tests.faults.worker FENCE SECONDS CELERY-ARGUMENTS…

FENCE is a key of `FENCES`, or "-" for none; SECONDS the length of the lease, or "-" for the real one.
"""

from __future__ import annotations

import copy
import os
import re
import sys
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import django

GAP = 2.0


def without_end_of_lease() -> None:
    """What a worker has taken is its own for good."""
    import_module("notifications.delivery.claims").LEASE = timedelta(days=1)


def without_kept_message_id() -> None:
    """Each try names the message anew."""
    mail: Any = import_module("notifications.delivery.mail")
    written = mail.letter

    def letter(row: Any) -> Any:
        other = f"Message-ID: <{uuid.uuid4()}@desk.example.org>".encode()
        renamed, count = re.subn(rb"(?m)^Message-ID: <[^>]*>", other, written(row))
        assert count == 1
        return renamed

    mail.letter = letter


def without_waiting_for_the_answer() -> None:
    """Noted as sent, then sent."""
    mail: Any = import_module("notifications.delivery.mail")
    claims: Any = import_module("notifications.delivery.claims")
    outcomes: Any = import_module("notifications.outcomes")
    take = mail.claim

    def claim_and_note(*arguments: Any, **options: Any) -> Any:
        rows = take(*arguments, **options)
        claims.note([claims.Result(row, row.attempts, outcomes.Sent()) for row in rows])
        return rows

    mail.claim = claim_and_note


def without_one_transaction() -> None:
    """The clocks are marked in one transaction, and their warnings given in the next, which is the one to be seen."""
    sweeping: Any = import_module("escalation.actions.sweep")
    transaction: Any = import_module("django.db.transaction")
    connection: Any = import_module("django.db").connection
    clock = import_module("sla.models").Clock
    usual = sweeping._do_some

    def mark_then_warn(duty: Any, among: Any = None) -> tuple[int, int, int]:
        if duty.rows is not clock:
            return usual(duty, among)  # type: ignore[no-any-return]
        at = sweeping.now()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL application_name = 'marking'")
            due = duty.claim(at, sweeping.BATCH, among=among)
            as_they_were = copy.deepcopy(due)
            sweeping.sla.mark_checked(*due, at=at)
        if not due:
            return 0, 0, 0
        with transaction.atomic():
            clock.objects.select_for_update().get(pk=due[0].pk)
            time.sleep(GAP)
            return (len(due), *duty.carry_out(as_they_were, at))

    sweeping._do_some = mark_then_warn


FENCES: dict[str, Callable[[], None]] = {
    "lease": without_end_of_lease,
    "message_id": without_kept_message_id,
    "answer": without_waiting_for_the_answer,
    "transaction": without_one_transaction,
}


def shorten(lease: float) -> None:
    """All that is reckoned from the lease, in proportion."""
    import_module("notifications.delivery.claims").LEASE = timedelta(seconds=lease)  # type: ignore[attr-defined]
    import_module("notifications.delivery.pool").LATEST_START = lease / 2  # type: ignore[attr-defined]
    import_module("notifications.delivery.smtp").TIMEOUT = lease / 3  # type: ignore[attr-defined]


def main(fence: str, seconds: str, *arguments: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if seconds != "-":
        shorten(float(seconds))
    if fence != "-":
        FENCES[fence]()
    sys.argv = ["celery", *arguments]
    import_module("celery.__main__").main()


if __name__ == "__main__":
    main(*sys.argv[1:])
