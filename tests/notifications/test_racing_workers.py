from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.models import User
from notifications import actions
from notifications.models import Notification

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORKERS = 8


@pytest.fixture(autouse=True)
def _on_a_server() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database of SQLite lies in memory, for one thread")


def at_once(work: Callable[[], int]) -> list[int]:
    def run() -> int:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(WORKERS)]]


def warn(user: User, held_until: datetime | None = None) -> int:
    return actions.notify(
        "warning.resolution.75",
        stream="declaration:1",
        number="SD-20261122-001",
        recipients=[user],
        data={},
        threshold=75,
        at=AT,
        held_until=held_until,
    )


def test_workers_that_warn_at_once_tell_a_person_once(user: User) -> None:
    assert sorted(at_once(lambda: warn(user))) == [0] * (WORKERS - 1) + [1]
    assert Notification.objects.count() == 1


def test_workers_that_deliver_at_once_bring_out_each_message_once(user: User) -> None:
    warn(user, held_until=AT + timedelta(hours=1))
    assert sum(at_once(lambda: actions.deliver_due(AT + timedelta(hours=1)))) == 1
    assert Notification.objects.get().attempts == 1
