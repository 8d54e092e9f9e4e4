"""What the database itself says of its tables, its triggers and of settings that switch triggers off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from ledger.refusals import quoted

PREFIX = "guard_"
# As pg_trigger keeps it: the row or the statement, before, and the operation.
ROW, BEFORE = 1, 2
OPERATIONS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
# A trigger counts as it was made: switched on, for every column, without a condition of its own, calling the function
# of its own name.
ON_POSTGRESQL = """
    SELECT t.tgname, c.relname || ' ' || t.tgtype || ' ' || p.prosrc
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_language l ON l.oid = p.prolang
    WHERE t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr::text = '' AND t.tgnargs = 0
        AND p.proname = t.tgname AND l.lanname = 'plpgsql' AND p.proconfig IS NULL AND pg_table_is_visible(t.tgrelid)
"""
# Of this session, and what anybody who signs in from now on would get.
ROLES_ON_POSTGRESQL = """
    SELECT 'session', 'session_replication_role=' || current_setting('session_replication_role')
    UNION ALL
    SELECT coalesce(r.rolname, 'every role') || coalesce(' in ' || d.datname, ''), setting
    FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS setting
    LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
    WHERE s.setdatabase = 0 OR d.datname = current_database()
"""


def columns() -> dict[str, set[str]]:
    """The columns of each table, in one query: Django's introspection takes its time for each table."""
    query = (
        "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
        if connection.vendor == "sqlite"
        else "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        "WHERE relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped AND pg_table_is_visible(attrelid) "
        "AND relnamespace <> 'pg_catalog'::regnamespace"
    )
    found: dict[str, set[str]] = {}
    for table, column in _rows(query):
        found.setdefault(table, set()).add(column)
    return found


def existing() -> dict[str, str]:
    """Name and definition of our triggers that are there and switched on; two of one name are none."""
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'" if connection.vendor == "sqlite" else ON_POSTGRESQL
    )
    found: dict[str, list[str]] = {}
    for name, definition in _rows(query):
        if name.startswith(PREFIX):
            found.setdefault(name, []).append(definition)
    return {name: definitions[0] if len(definitions) == 1 else "" for name, definitions in found.items()}


def names() -> list[str]:
    """Every trigger or function of ours, in whatever shape."""
    query = (
        "SELECT name, '' FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal "
        "UNION SELECT proname, '' FROM pg_proc WHERE pg_function_is_visible(oid)"
    )
    return sorted({name for name, _nothing in _rows(query) if name.startswith(PREFIX)})


def switches() -> list[str]:
    """Settings by which the triggers do not fire, for this session or for whoever signs in next."""
    if connection.vendor == "sqlite":
        [(recursive, _same)] = _rows("SELECT recursive_triggers, 0 FROM pragma_recursive_triggers")
        return [] if recursive else ["PRAGMA recursive_triggers is off"]
    held = (row for row in _rows(ROLES_ON_POSTGRESQL) if row[1].startswith("session_replication_role="))
    return [f"{setting} of {whose}" for whose, setting in held if setting.partition("=")[2] not in ("origin", "local")]


def drop(gone: Iterable[str]) -> None:
    """Drop triggers by name, wherever they hang."""
    gone = list(gone)
    if connection.vendor == "sqlite":
        execute(f"DROP TRIGGER IF EXISTS {quoted(name)}" for name in gone)
        return
    # The trigger goes with its function, also where its table has been renamed; then what calls another one.
    execute(f"DROP FUNCTION IF EXISTS {quoted(name)}() CASCADE" for name in gone)
    left = _rows("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal") if gone else []
    execute(f"DROP TRIGGER {quoted(name)} ON {table}" for name, table in left if name in set(gone))


def execute(statements: Iterable[str]) -> None:
    """All statements, or none; without parameters, so only for SQL that is made of our own names (`quoted`)."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _rows(query: str) -> list[tuple[Any, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple[Any, Any]] = cursor.fetchall()
    return rows
