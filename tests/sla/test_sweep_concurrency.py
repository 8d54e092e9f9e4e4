"""Several sweeps at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from sla.actions import claim_due, mark_checked, start_clock
from sla.models import Clock
from sla.targets import Target
from tests.sla.conftest import march


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_share_what_is_due_and_do_not_wait_for_each_other():
    with transaction.atomic():
        for _ in range(10):
            start_clock(
                "resolution",
                started_at=march(2, 8),
                target=Target(4, "hour", "natural"),
                source="matrix",
                calendar=None,
            )
    both_hold_theirs = Barrier(2, timeout=20)

    def sweep(_worker: int) -> set[int]:
        try:
            with transaction.atomic():
                claimed = claim_due(march(2, 12), 5)
                both_hold_theirs.wait()
                mark_checked(*claimed, at=march(2, 12))
                return {clock.pk for clock in claimed}
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        first, second = workers.map(sweep, range(2))
    assert len(first) == len(second) == 5
    assert not first & second
    assert not Clock.objects.filter(next_check_at__isnull=False).exists()
