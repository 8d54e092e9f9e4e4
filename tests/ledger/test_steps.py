"""A step changes one record, and its entry tells exactly what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from ledger.actions import append, attempt, chains, create, step
from ledger.exceptions import NotPossible, Stale
from ledger.models import FIRST, Entry
from ledger.queries import content, head, history
from ledger.verification import compare
from tests.ledger.conftest import HEAD
from tests.ledger.house import Line, Order

pytestmark = pytest.mark.usefixtures("house")


def last_payload(order: Order) -> dict:
    return content(head(order.stream))


def test_a_new_record_begins_its_chain_with_all_its_fields(order):
    entry = head(order.stream)
    assert (entry.sequence, entry.previous_hash, entry.actor, entry.clause) == (1, FIRST, "staff:7", "1.1")
    assert last_payload(order)["fields"] == {
        "version": [None, 1],
        "state": [None, "open"],
        "title": [None, "A4 paper"],
        "note": [None, ""],
        "amount": [None, "0.00"],
        "received_at": [None, None],
        "tags": [None, []],
    }


def test_creating_takes_four_statements(count_queries):
    def make() -> None:
        with create(Order(title="x"), signature=HEAD, action="open", clause="1.1"):
            pass

    assert count_queries(make) == 4


def test_a_step_takes_six_statements(order, count_queries):
    def change() -> None:
        with step(Order, order.pk, version=1, signature=HEAD, action="name", clause="1.2") as taken:
            taken.record.title = "y"

    assert count_queries(change) == 6


def test_a_new_record_may_still_change_before_its_entry_is_written(house):
    with create(Order(title="x"), signature=HEAD, action="open", clause="1.1", source="call") as step:
        line = step.add(Line(order=step.record, text="one"))
        step.record.note = f"first line {line.pk}"
    payload = last_payload(step.record)
    assert payload["fields"]["note"] == [None, f"first line {line.pk}"]
    assert payload["fields"]["version"] == [None, 1]
    assert payload["facts"] == {"source": "call"}
    assert compare(step.record) is None


def test_a_step_saves_and_records_only_what_changed(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="name", clause="1.2") as taken:
        taken.record.title = "A3 paper"
        taken.record.amount = 12
        taken.record.received_at = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
        taken.record.tags.append("urgent")
    order.refresh_from_db()
    assert (order.title, order.amount, order.tags, order.version) == ("A3 paper", Decimal("12.00"), ["urgent"], 2)
    assert last_payload(order)["fields"] == {
        "title": ["A4 paper", "A3 paper"],
        "amount": ["0.00", "12.00"],
        "received_at": [None, "2026-11-23T01:42:00.000000+00:00"],
        "tags": [[], ["urgent"]],
        "version": [1, 2],
    }
    assert taken.record.version == 2
    assert taken.entry.sequence == 2


def test_a_protected_state_is_saved_after_its_transition(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="close", clause="1.3") as taken:
        taken.record.close()
    assert Order.objects.get().state == "closed"
    assert last_payload(order)["fields"]["state"] == ["open", "closed"]


def test_a_step_without_changes_still_makes_a_version_and_an_entry(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="look", clause="1.2"):
        pass
    assert Order.objects.get().version == 2
    assert last_payload(order)["fields"] == {"version": [1, 2]}


def test_a_system_warning_leaves_the_version_alone(order):
    with step(Order, order.pk, version=None, signature=HEAD, action="warn", clause="1.2", bump=False) as taken:
        taken.note(threshold=75)
    assert Order.objects.get().version == 1
    assert last_payload(order)["fields"] == {}
    with step(Order, order.pk, version=None, signature=HEAD, action="close", clause="1.2", bump=False) as taken:
        taken.record.secret = "s2"
    assert (Order.objects.get().version, Order.objects.get().secret) == (1, "s2")
    with step(Order, order.pk, version=None, signature=HEAD, action="warn", clause="1.2", bump=False) as taken:
        taken.record.note = "late"
    assert (Order.objects.get().version, Order.objects.get().note) == (1, "late")


def test_children_are_added_and_tracked_in_the_same_entry(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="add", clause="1.2") as taken:
        line = taken.add(Line(order=taken.record, text="one"))
    with step(Order, order.pk, version=2, signature=HEAD, action="change", clause="1.2") as taken:
        tracked = taken.track(Line.objects.get(), version=1)
        tracked.text = "two"
    rows = last_payload(order)["rows"]
    fields = {"text": ["one", "two"], "version": [1, 2]}
    assert rows == [{"model": "house.line", "pk": line.pk, "fields": fields}]
    assert Line.objects.get().version == 2
    assert compare(order) is None


def test_an_unchanged_child_is_neither_saved_nor_recorded(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="add", clause="1.2") as taken:
        taken.add(Line(order=taken.record, text="one"))
    with step(Order, order.pk, version=2, signature=HEAD, action="look", clause="1.2") as taken:
        taken.track(Line.objects.get())
    assert last_payload(order)["rows"] == []
    assert Line.objects.get().version == 1


def test_a_child_at_another_version_is_stale(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="add", clause="1.2") as taken:
        taken.add(Line(order=taken.record, text="one"))
    with (
        pytest.raises(Stale),
        step(Order, order.pk, version=2, signature=HEAD, action="change", clause="1.2") as taken,
    ):
        taken.track(Line.objects.get(), version=9)


def test_a_record_is_no_child(order):
    with (
        pytest.raises(TypeError, match="chain of its own"),
        step(Order, order.pk, version=1, signature=HEAD, action="add", clause="1.2") as taken,
    ):
        taken.add(Order(title="another"))


def test_another_version_is_stale_and_tells_who_changed_what(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="name", clause="1.2") as taken:
        taken.record.title = "B"
    with step(Order, order.pk, version=2, signature=HEAD, action="name", clause="1.2") as taken:
        taken.record.title = "C"
        taken.signature = replace(HEAD, name="陈予安")
    with pytest.raises(Stale) as raised, step(Order, order.pk, version=1, signature=HEAD, action="x", clause=""):
        pytest.fail("the body of a stale step must not run")
    stale = raised.value
    assert (stale.status, stale.changed_by, stale.current.title, stale.current.version) == (412, "陈予安", "C", 3)
    assert stale.changed == {"title": ("A4 paper", "C")}
    assert "陈予安" in str(stale)


def test_a_row_that_changed_behind_the_lock_is_stale_and_nothing_is_saved(order):
    def change() -> None:
        with step(Order, order.pk, version=1, signature=HEAD, action="name", clause="1.2") as taken:
            Order._base_manager.filter(pk=order.pk).update(version=5)
            taken.record.title = "lost"

    with pytest.raises(Stale):
        change()
    assert Order.objects.get().title == "A4 paper"
    assert history(order.stream).count() == 1


def test_nothing_is_saved_when_the_body_raises(order):
    def change() -> None:
        with step(Order, order.pk, version=1, signature=HEAD, action="name", clause="1.2") as taken:
            taken.record.title = "lost"
            taken.add(Line(order=taken.record, text="lost"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert (Order.objects.get().title, Line.objects.count()) == ("A4 paper", 0)
    assert Entry.objects.filter(stream=order.stream).count() == 1


def test_a_missing_record_is_told_as_such_and_leaves_no_entry(house):
    with pytest.raises(Order.DoesNotExist), step(Order, 99, version=1, signature=HEAD, action="x", clause=""):
        pass
    assert not Entry.objects.filter(stream="order:99").exists()


def test_a_secret_is_saved_and_never_recorded(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="renew", clause="") as taken:
        taken.record.secret = "s3cret-new"
    assert Order.objects.get().secret == "s3cret-new"
    assert "s3cret-new" not in head(order.stream).payload.content


def test_several_steps_of_an_attempt_stand_or_fall_together(order):
    def change_both() -> None:
        with attempt(HEAD, action="both", stream=order.stream):
            with step(Order, order.pk, version=1, signature=HEAD, action="name", clause="") as taken:
                taken.record.title = "half"
            raise NotPossible("No.")

    with pytest.raises(NotPossible):
        change_both()
    assert Order.objects.get().title == "A4 paper"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's immediate transaction is the lock")
def test_the_row_is_locked_on_postgresql(order):
    with (
        CaptureQueriesContext(connection) as captured,
        step(Order, order.pk, version=1, signature=HEAD, action="look", clause=""),
    ):
        pass
    assert any("FOR UPDATE" in query["sql"] for query in captured)


def test_a_child_that_was_just_added_may_be_tracked_and_changed(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="add", clause="1.2") as taken:
        line = taken.track(taken.add(Line(order=taken.record, text="one")))
        line.text = "two"
    assert Line.objects.get().text == "two"
    assert compare(order) is None


def test_the_step_that_files_a_record_may_still_change_its_rows(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="close", clause="1.3") as taken:
        taken.add(Line(order=taken.record, text="one"))
        taken.record.close()
    with step(Order, order.pk, version=2, signature=HEAD, action="file", clause="1.4") as taken:
        taken.track(Line.objects.get()).text = "last word"
        taken.record.file()
    assert Line.objects.get().text == "last word"
    assert compare(order) is None


def test_a_child_that_changed_behind_the_lock_is_stale_and_nothing_is_saved(order):
    with step(Order, order.pk, version=1, signature=HEAD, action="add", clause="1.2") as taken:
        line = taken.add(Line(order=taken.record, text="one"))

    def change() -> None:
        with step(Order, order.pk, version=2, signature=HEAD, action="change", clause="1.2") as taken:
            tracked = taken.track(line)
            Line._base_manager.filter(pk=line.pk).update(version=5)
            tracked.text = "lost"

    with pytest.raises(Stale):
        change()
    assert (Line.objects.get().text, history(order.stream).count()) == ("one", 2)


def test_a_refusal_of_the_database_that_no_race_explains_is_raised(order, monkeypatch):
    def refuse(*_args: object, **_values: object) -> None:
        raise IntegrityError("stream is too long")

    monkeypatch.setattr(chains, "follow", refuse)
    with pytest.raises(IntegrityError, match="too long"):
        append("security:x", signature=HEAD, action="close", payload={})
