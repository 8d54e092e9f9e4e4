"""The database itself refuses to change what must stand."""

from __future__ import annotations

import pytest
from django.apps.registry import Apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from ledger import triggers
from ledger.actions import step
from ledger.checks import guards_in_place
from ledger.models import Entry, Payload
from ledger.queries import content, head
from ledger.refusals import refusals
from tests.ledger.conftest import HEAD
from tests.ledger.house import HOUSE_MODELS, Line, Order, Seal

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite only")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL only")


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def refused(sql: str) -> str:
    with pytest.raises(IntegrityError) as raised:
        run(sql)
    return str(raised.value)


@pytest.fixture
def line(order: Order) -> Line:
    with step(Order, order.pk, version=1, signature=HEAD, action="add", clause="1.2") as taken:
        return taken.add(Line(order=taken.record, text="one"))


def move(order: Order, *verbs: str) -> None:
    for verb in verbs:
        with step(Order, order.pk, version=None, signature=HEAD, action=verb, clause="1.3") as taken:
            getattr(taken.record, verb)()


@pytest.mark.parametrize("model", [Entry, Payload])
def test_nothing_in_the_ledger_is_changed_or_deleted(order, model):
    table, column = model._meta.db_table, model._meta.pk.column
    assert "none is changed" in refused(f"UPDATE {table} SET {column} = {column}")
    assert "none is deleted" in refused(f"DELETE FROM {table}")


def test_rows_are_added_to_an_append_only_table(house):
    assert Seal.objects.create(text="a").pk
    assert "none is changed" in refused("UPDATE house_seal SET text = 'b'")


@on_sqlite
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_a_row_is_not_replaced_under_its_key(order, recursive):
    Seal.objects.create(pk=1, text="a")
    run(f"PRAGMA recursive_triggers = {recursive}")
    try:
        assert "never replaced" in refused("INSERT OR REPLACE INTO house_seal (id, text) VALUES (1, 'b')")
    finally:
        run("PRAGMA recursive_triggers = ON")


@on_sqlite
def test_an_entry_is_not_replaced_under_its_sequence(order):
    run("PRAGMA recursive_triggers = ON")
    columns = "stream, sequence, previous_hash, hash, body, at, action, clause, actor, actor_name, role, on_behalf_of"
    copy = f"SELECT {columns}, payload_digest FROM ledger_entry WHERE stream = '{order.stream}'"
    refused(f"INSERT OR REPLACE INTO ledger_entry ({columns}, payload_digest) {copy}")
    assert head(order.stream).sequence == 1


@on_postgresql
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_payload", "house_seal", "house_order", "house_line"])
def test_a_guarded_table_is_not_emptied(house, table):
    assert "never emptied" in refused(f"TRUNCATE {table} CASCADE")


def test_an_open_row_changes_freely_but_is_never_deleted(order):
    run("UPDATE house_order SET title = 'b'")
    assert "never deleted" in refused("DELETE FROM house_order")


def test_a_closed_row_changes_only_in_the_columns_that_are_allowed(order):
    move(order, "close")
    run("UPDATE house_order SET note = 'b', version = version + 1")
    assert "state closed stands still" in refused("UPDATE house_order SET title = 'b'")
    assert "state closed stands still" in refused("UPDATE house_order SET note = 'b', amount = 1")
    assert "stands still" in refused("UPDATE house_order SET received_at = '2026-11-23 00:00:00'")


def test_a_filed_row_does_not_change_at_all(order):
    move(order, "close", "file")
    for change in ("state = 'open'", "note = 'b'", "version = version"):
        assert "state filed stands still" in refused(f"UPDATE house_order SET {change}")


def test_children_stand_still_with_their_parent(order, line):
    move(order, "close")
    run("UPDATE house_line SET text = 'two'")
    move(order, "file")
    insert = f"INSERT INTO house_line (order_id, text, version) VALUES ({order.pk}, 'three', 1)"
    assert "takes no new rows" in refused(insert)
    assert "keeps its rows as they are" in refused("UPDATE house_line SET text = 'three'")
    assert "keeps its rows" in refused("DELETE FROM house_line")


def test_a_child_is_not_moved_to_a_frozen_parent(order, line):
    other = Order.objects.create(title="other")
    move(order, "close", "file")
    stray = Line.objects.create(order=other, text="stray")
    assert "keeps its rows as they are" in refused(f"UPDATE house_line SET order_id = {order.pk} WHERE id = {stray.pk}")
    assert "keeps its rows as they are" in refused(f"UPDATE house_line SET order_id = {other.pk} WHERE id = {line.pk}")


def test_a_missing_or_altered_trigger_is_named(house):
    assert triggers.missing(HOUSE_MODELS) == []
    triggers._drop(["guard_house_seal_update_1"])
    assert triggers.missing(HOUSE_MODELS) == ["guard_house_seal_update_1"]
    triggers.make(HOUSE_MODELS)
    blunt_update_guard()
    assert triggers.missing(HOUSE_MODELS) == ["guard_house_seal_update_1"]


def blunt_update_guard() -> None:
    name = "guard_house_seal_update_1"
    if connection.vendor == "postgresql":
        run(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    else:
        run(f"DROP TRIGGER {name}")
        run(f"CREATE TRIGGER {name} BEFORE UPDATE ON house_seal BEGIN SELECT 1; END")


@on_postgresql
def test_a_trigger_that_is_switched_off_is_named(house):
    run("ALTER TABLE house_seal DISABLE TRIGGER guard_house_seal_update_1")
    assert triggers.missing(HOUSE_MODELS) == ["guard_house_seal_update_1"]


def test_the_start_is_refused_without_the_guards(db):
    triggers.require()
    assert guards_in_place(["default"]) == []
    triggers.drop()
    with pytest.raises(ImproperlyConfigured, match="guard_ledger_entry_update_1"):
        triggers.require()
    assert [warning.id for warning in guards_in_place(["default"])] == ["ledger.W001"]
    assert guards_in_place(None) == []


def test_making_them_twice_changes_nothing(db):
    assert triggers.make() == []


def test_names_stay_within_what_postgresql_keeps(db):
    long = "guard_" + "x" * 80
    assert triggers._name("x" * 80, "a") != triggers._name("x" * 80, "b")
    assert len(triggers._name(long, "a")) == 63


def test_they_are_there_after_migrating_back_and_forwards(transactional_db):
    # An app that no other depends on, so that the rest of the test database stays as it is.
    for target in ("zero", None):
        call_command("migrate", "sessions", *filter(None, [target]), verbosity=0)
        triggers.require()
        told = {
            action: content(Entry.objects.filter(stream="triggers", action=action).latest("sequence"))["facts"]
            for action in ("triggers_dropped", "triggers_made")
        }
        assert "guard_ledger_entry_update_1" in told["triggers_dropped"]["names"]
        assert sorted(told["triggers_made"]["names"]) == sorted(told["triggers_dropped"]["names"])
        assert told["triggers_made"]["migrations"] == ["sessions.0001_initial"]


def test_tables_and_columns_that_are_not_there_yet_are_passed_over(house):
    class Unborn(models.Model):
        guard = "append_only"

        class Meta:
            apps = Apps()
            app_label = "house"

    assert triggers.wanted([Unborn]) == []
    assert [found.operation for found in refusals(Order, {"id", "title"})][:1] == ["DELETE"]


def test_migrating_when_there_is_nothing_to_do_leaves_no_entry(db):
    before = Entry.objects.filter(stream="triggers").count()
    call_command("migrate", verbosity=0)
    assert Entry.objects.filter(stream="triggers").count() == before
