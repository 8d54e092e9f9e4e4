"""Several at once: chains neither fork nor lose an entry, and one of two changes wins."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from ledger.actions import append, create, record_refusal, step
from ledger.exceptions import NotPermitted, Stale
from ledger.models import Entry
from ledger.queries import history
from ledger.signature import Signature
from ledger.verification import compare, verify
from tests.ledger.conftest import HEAD
from tests.ledger.house import Order

pytestmark = [
    pytest.mark.usefixtures("shared_house"),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite's test database in memory takes no threads"),
]
THREADS = 8


def at_once(work: Callable[[int], object]) -> list[object]:
    """Results of `work(number)` in eight threads that start together; connections are closed."""
    barrier = Barrier(THREADS)

    def run(number: int) -> object:
        try:
            barrier.wait()
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def new_order() -> Order:
    with create(Order(title="x"), signature=HEAD, action="open", clause="1.1") as taken:
        return taken.record


def test_a_chain_without_a_row_lock_takes_all_entries():
    at_once(lambda number: [append("security:x", signature=HEAD, action=f"a{number}", payload={}) for _ in range(5)])
    assert [entry.sequence for entry in history("security:x")] == list(range(1, 41))
    assert list(verify()) == []


def test_refusals_of_several_people_are_all_kept():
    def refuse(number: int) -> None:
        person = Signature(kind="staff", key=f"staff:{number}", name=str(number))
        record_refusal(person, action="close", stream="order:1", refusal=NotPermitted("No."))

    at_once(refuse)
    assert Entry.objects.filter(stream__startswith="security:").count() == THREADS
    assert list(verify()) == []


def test_of_several_who_change_the_same_version_one_wins():
    order = new_order()

    def change(number: int) -> str:
        try:
            with step(Order, order.pk, version=1, signature=HEAD, action="name", clause="1.2") as taken:
                taken.record.title = str(number)
        except Stale as stale:
            return stale.changed_by
        return "won"

    results = at_once(change)
    assert sorted(results) == sorted(["won"] + [HEAD.name] * (THREADS - 1))
    assert Order.objects.get().title == str(results.index("won"))
    assert compare(order) is None


def test_jobs_that_name_no_version_queue_up():
    order = new_order()

    def count(number: int) -> None:
        with step(Order, order.pk, version=None, signature=HEAD, action="count", clause="1.2") as taken:
            taken.record.amount += 1

    at_once(count)
    order.refresh_from_db()
    assert (order.amount, order.version) == (THREADS, THREADS + 1)
    assert compare(order) is None
    assert list(verify([order.stream])) == []
