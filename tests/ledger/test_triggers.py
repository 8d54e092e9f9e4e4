"""The database itself refuses to change what must stand."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps.registry import Apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.core.management.commands.migrate import Command as DjangosOwn
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.migrations import Migration

from escalation.models import EscalationRequest
from ledger import catalog, triggers
from ledger.actions import create, step
from ledger.checks import guards_in_place
from ledger.migrating import before_migrate, mend
from ledger.models import Checkpoint, Entry, Payload, SealedHead, Unsealed
from ledger.queries import content, head
from ledger.refusals import refusals
from tests.ledger.conftest import HEAD
from tests.ledger.house import HOUSE_MODELS, Line, Order, Seal

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite only")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL only")


REPLACING = ("INSERT", "replaced")


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


@on_sqlite
def test_nothing_is_replaced_under_another_unique_key_by_a_program_that_hears_of_no_delete(order):
    """A plain connection has no recursive triggers: a replaced row goes without a DELETE that a trigger could see."""
    columns = "stream, sequence, previous_hash, hash, body, at, action, clause, actor, actor_name, role, on_behalf_of"
    forged = f"SELECT {columns.replace('actor_name', chr(39) + 'forged' + chr(39))}, payload_digest FROM ledger_entry"
    run("PRAGMA recursive_triggers = OFF")
    try:
        again = f"INSERT OR REPLACE INTO ledger_entry ({columns}, payload_digest) {forged}"
        assert "never replaced" in refused(f"{again} WHERE stream = '{order.stream}'")
        with transaction.atomic():
            triggers.drop()  # What the fence keeps off.
            run("PRAGMA defer_foreign_keys = ON")
            run(f"{again} WHERE stream = '{order.stream}'")
            assert head(order.stream).actor_name == "forged"
            transaction.set_rollback(True)
    finally:
        run("PRAGMA recursive_triggers = ON")


@on_sqlite
def test_a_row_does_not_take_the_key_of_another_one(order):
    with create(Order(title="other"), signature=HEAD, action="open", clause="1.1") as other:
        pass
    run("PRAGMA recursive_triggers = OFF")
    try:
        taking = f"UPDATE OR REPLACE house_order SET id = {order.pk} WHERE id = {other.record.pk}"
        assert "never replaced" in refused(taking)
    finally:
        run("PRAGMA recursive_triggers = ON")


@on_sqlite
def test_a_partial_key_is_minded_only_where_it_holds():
    """Two open escalations of a declaration are one too many; a lapsed one and an open one are not."""
    columns = {field.column for field in EscalationRequest._meta.concrete_fields}
    [taken] = [one for one in refusals(EscalationRequest, columns) if (one.operation, one.message[-8:]) == REPLACING]
    for row in ("taken", "NEW"):
        assert f"{row}.\"state\" IN ('requested', 'approved', 'refused', 'objected')" in taken.condition


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
    catalog.drop(["guard_house_seal_update_1"])
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


AS_IT_WAS = "FOR EACH ROW EXECUTE FUNCTION guard_house_seal_update_1()"
DISGUISES = {
    "a condition that never holds": "CREATE TRIGGER {name} BEFORE UPDATE ON house_seal FOR EACH ROW WHEN (false) "
    "EXECUTE FUNCTION guard_house_seal_update_1()",
    "another table": f"CREATE TRIGGER {{name}} BEFORE UPDATE ON house_line {AS_IT_WAS}",
    "another operation": f"CREATE TRIGGER {{name}} BEFORE INSERT ON house_seal {AS_IT_WAS}",
    "some columns only": f"CREATE TRIGGER {{name}} BEFORE UPDATE OF id ON house_seal {AS_IT_WAS}",
    "afterwards": f"CREATE TRIGGER {{name}} AFTER UPDATE ON house_seal {AS_IT_WAS}",
    "another function": "CREATE TRIGGER {name} BEFORE UPDATE ON house_seal FOR EACH ROW "
    "EXECUTE FUNCTION guard_house_line_delete_3()",
}


@on_postgresql
@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_trigger_that_only_looks_like_ours_is_named_and_replaced(house, disguise):
    name = "guard_house_seal_update_1"
    run(f"DROP TRIGGER {name} ON house_seal")
    run(DISGUISES[disguise].format(name=name))
    assert triggers.missing(HOUSE_MODELS) == [name]
    triggers.make(HOUSE_MODELS)
    assert triggers.missing(HOUSE_MODELS) == []
    Seal.objects.create(text="a")
    assert "none is changed" in refused("UPDATE house_seal SET text = 'b'")


@on_sqlite
@pytest.mark.parametrize(
    "shape",
    [
        "BEFORE UPDATE ON house_seal WHEN 0",
        "BEFORE UPDATE ON house_line",
        "BEFORE INSERT ON house_seal",
        "AFTER UPDATE ON house_seal",
        "BEFORE UPDATE OF id ON house_seal",
    ],
)
def test_a_trigger_of_another_shape_is_named(house, shape):
    name = "guard_house_seal_update_1"
    run(f"DROP TRIGGER {name}")
    run(f"CREATE TRIGGER {name} {shape} BEGIN SELECT RAISE(ABORT, 'house.Seal: rows are only added'); END")
    assert triggers.missing(HOUSE_MODELS) == [name]


@on_postgresql
def test_a_session_in_which_no_trigger_fires_is_named(db):
    run("SET LOCAL session_replication_role = replica")
    assert catalog.switches() == ["session_replication_role=replica of session"]
    assert [warning.id for warning in guards_in_place(["default"])] == ["ledger.W002"]
    with pytest.raises(ImproperlyConfigured, match="do not fire"):
        triggers.require()


@on_postgresql
def test_a_setting_that_the_next_session_would_get_is_named(db):
    run("ALTER ROLE CURRENT_USER SET session_replication_role = replica")
    [named] = catalog.switches()
    assert named.startswith("session_replication_role=replica of ")


@on_sqlite
def test_a_connection_without_recursive_triggers_is_named(db):
    run("PRAGMA recursive_triggers = OFF")
    try:
        assert catalog.switches() == ["PRAGMA recursive_triggers is off"]
    finally:
        run("PRAGMA recursive_triggers = ON")
    assert catalog.switches() == []


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


def test_the_ledger_is_not_migrated_away(order):
    plan = [(Migration("0002_checkpoints", "ledger"), True)]
    with pytest.raises(CommandError, match=r"ledger\.0002_checkpoints would drop tables of the ledger"):
        before_migrate(plan=plan)
    triggers.require()
    with triggers.lifted():
        for model in (Unsealed, Payload, SealedHead, Checkpoint, Entry):
            model.objects.all().delete()
    before_migrate(plan=plan)
    assert triggers.missing()


def test_a_database_without_tables_is_told_to_be_migrated(db, monkeypatch):
    before = Entry.objects.count()
    monkeypatch.setattr(triggers, "ledger_exists", lambda: False)
    with pytest.raises(ImproperlyConfigured, match="no tables yet"):
        triggers.require()
    mend(failure="KeyboardInterrupt")
    assert Entry.objects.count() == before


def test_a_trigger_of_somebody_else_is_left_alone(house):
    body = "BEGIN SELECT 1; END" if connection.vendor == "sqlite" else "FOR EACH ROW EXECUTE FUNCTION suppress_it()"
    if connection.vendor != "sqlite":
        run("CREATE FUNCTION suppress_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    run(f"CREATE TRIGGER theirs AFTER INSERT ON house_seal {body}")
    assert "theirs" not in catalog.existing()
    assert triggers.missing(HOUSE_MODELS) == []


def test_guards_that_cannot_be_made_again_after_a_failure_are_said(db, monkeypatch):
    def refuse(*_args: object, **_options: object) -> None:
        raise DatabaseError("the connection is gone")

    monkeypatch.setattr(DjangosOwn, "handle", refuse)
    monkeypatch.setattr("ledger.management.commands.migrate.mend", refuse)
    said = StringIO()
    with pytest.raises(DatabaseError):
        call_command("migrate", stderr=said)
    assert "could not be made again: the connection is gone. Run migrate again." in said.getvalue()
