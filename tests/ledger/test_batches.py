"""Many records changed at once leave the same chains as one after the other."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, transaction

from ledger.actions import Change, create, record_all, step
from ledger.models import Entry, Payload
from ledger.queries import content, head, heads
from ledger.verification import compare, verify
from tests.ledger.conftest import HEAD
from tests.ledger.house import Line, Order

pytestmark = pytest.mark.usefixtures("house")
COUNT = 5


@pytest.fixture
def orders(house: None) -> list[Order]:
    made = []
    for number in range(COUNT):
        with create(Order(title=f"no. {number}"), signature=HEAD, action="open", clause="1.1") as begun:
            made.append(begun.record)
    return made


def change(order: Order, text: str) -> Change[Order]:
    made = Change(order, "remind", "1.2")
    made.add(Line, order_id=order.pk, text=text)
    made.set(note=text)
    made.note(round=text)
    return made


def test_each_chain_grows_by_its_entry_and_fits(orders):
    record_all([change(order, "one") for order in orders], signature=HEAD)
    assert list(verify()) == []
    assert [compare(order) for order in orders] == [None] * COUNT
    assert [Entry.objects.filter(stream=order.stream).count() for order in orders] == [2] * COUNT


def test_the_entry_tells_row_field_and_fact(orders):
    record_all([change(orders[0], "one")], signature=HEAD)
    told = content(head(orders[0].stream))
    assert told["fields"] == {"note": ["", "one"]}
    assert told["facts"] == {"round": "one"}
    assert told["rows"][0]["fields"]["text"] == [None, "one"]
    orders[0].refresh_from_db()
    assert (orders[0].note, orders[0].version) == ("one", 1)


@pytest.mark.parametrize("fields", [{"notte": "one"}, {"line": 1}], ids=["a slip", "no column"])
def test_what_is_no_column_is_refused(orders, fields):
    with pytest.raises(FieldDoesNotExist):
        orders[0].set(**fields)
    with pytest.raises((FieldDoesNotExist, AttributeError)):
        change(orders[0], "one").set(**fields)


def test_several_acts_of_one_record_follow_one_another(orders):
    record_all([change(orders[0], "one"), change(orders[1], "one"), change(orders[0], "two")], signature=HEAD)
    entries = list(Entry.objects.filter(stream=orders[0].stream).order_by("sequence"))
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert entries[2].previous_hash == entries[1].hash
    assert [content(entry)["facts"].get("round") for entry in entries] == [None, "one", "two"]
    assert compare(orders[0]) is None


def test_a_step_goes_on_where_the_batch_ended(orders):
    record_all([change(orders[0], "one")], signature=HEAD)
    with step(Order, orders[0].pk, version=1, signature=HEAD, action="name", clause="1.2") as taken:
        taken.record.title = "named"
    assert list(verify()) == []
    assert compare(taken.record) is None


def test_the_cost_does_not_grow_with_the_records(orders, count_queries):
    one = count_queries(lambda: record_all([change(orders[0], "one")], signature=HEAD))
    many = count_queries(lambda: record_all([change(order, "two") for order in orders], signature=HEAD))
    assert one == many


def test_a_chain_that_somebody_else_has_continued_refuses_the_whole_batch(orders, monkeypatch):
    stale = heads([order.stream for order in orders])
    record_all([change(orders[0], "other")], signature=HEAD)
    monkeypatch.setattr("ledger.actions.chains.heads", lambda streams: dict(stale))
    before = (Entry.objects.count(), Payload.objects.count(), Line.objects.count())
    with pytest.raises(IntegrityError), transaction.atomic():
        record_all([change(order, "late") for order in orders], signature=HEAD)
    assert (Entry.objects.count(), Payload.objects.count(), Line.objects.count()) == before


def test_heads_are_the_last_entries_and_of_unknown_chains_none(orders):
    record_all([change(orders[0], "one")], signature=HEAD)
    found = heads([orders[0].stream, orders[1].stream, "order:0"])
    assert {stream: entry.sequence for stream, entry in found.items()} == {orders[0].stream: 2, orders[1].stream: 1}
