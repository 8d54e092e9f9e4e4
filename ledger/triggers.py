"""The guards of the models as triggers of SQLite and PostgreSQL. `ledger.migrating` drops and makes them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from ledger.models import Entry
from ledger.refusals import Model, Refusal, literal, quoted, refusals

PREFIX = "guard_"
LONGEST_NAME = 63


@dataclass(frozen=True)
class Trigger:
    """One refusal on one table, under a name of its own."""

    name: str
    table: str
    refusal: Refusal

    @property
    def definition(self) -> str:
        """What the database keeps and gives back, so that an altered trigger is noticed."""
        return self._on_sqlite() if connection.vendor == "sqlite" else self._postgresql_body()

    def statements(self) -> list[str]:
        """The SQL that makes the trigger."""
        if connection.vendor == "sqlite":
            return [self._on_sqlite()]
        name, table, operation = quoted(self.name), quoted(self.table), self.refusal.operation
        each = "STATEMENT" if operation == "TRUNCATE" else "ROW"
        return [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {literal(self._postgresql_body())}",
            f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()",
        ]

    def _on_sqlite(self) -> str:
        when = f" WHEN {self.refusal.condition}" if self.refusal.condition else ""
        return (
            f"CREATE TRIGGER {quoted(self.name)} BEFORE {self.refusal.operation} ON {quoted(self.table)} "
            f"FOR EACH ROW{when} BEGIN SELECT RAISE(ABORT, {literal(self.refusal.message)}); END"
        )

    def _postgresql_body(self) -> str:
        # Class 23 becomes an IntegrityError, as RAISE(ABORT) does on SQLite.
        refuse = f"RAISE EXCEPTION {literal(self.refusal.message)} USING ERRCODE = '23000';"
        row = "OLD" if self.refusal.operation == "DELETE" else "NEW"
        return f"BEGIN IF {self.refusal.condition or 'true'} THEN {refuse} END IF; RETURN {row}; END"


def wanted(models: Iterable[Model] | None = None) -> list[Trigger]:
    """The triggers that the models (all installed ones) ask for, as far as their tables are there yet."""
    columns = _columns()
    found: list[Trigger] = []
    for model in apps.get_models() if models is None else models:
        declares = hasattr(model, "guard") or hasattr(model, "undeletable")
        table = model._meta.db_table
        if declares and table in columns and not model._meta.proxy:
            found += _triggers(table, refusals(model, columns[table]))
    return found


def missing(models: Iterable[Model] | None = None) -> list[str]:
    """Names of the triggers that should be there and are not, or are switched off or altered."""
    there = _existing()
    return [trigger.name for trigger in wanted(models) if there.get(trigger.name) != trigger.definition]


def require() -> None:
    """Refuse to start on a database that does not guard its records; for web and worker."""
    if not ledger_exists():
        raise ImproperlyConfigured("The database has no tables yet. Run `manage.py migrate`.")
    if lacking := missing():
        raise ImproperlyConfigured(f"The database lacks guards: {', '.join(lacking)}. Run `manage.py migrate`.")


def make(models: Iterable[Model] | None = None) -> list[str]:
    """Make the triggers that are missing or altered, and answer their names; for all models, drop what is left over."""
    there, all_wanted = _existing(), wanted(models)
    lacking = [trigger for trigger in all_wanted if there.get(trigger.name) != trigger.definition]
    left_over = set(there) - {trigger.name for trigger in all_wanted} if models is None else set()
    _drop([trigger.name for trigger in lacking] + sorted(left_over))
    _execute(statement for trigger in lacking for statement in trigger.statements())
    return [trigger.name for trigger in lacking]


def drop() -> list[str]:
    """Drop all guards, and answer their names."""
    there = _names()
    _drop(there)
    return there


@contextmanager
def lifted() -> Iterator[None]:
    """Take the guards away inside the block: only for the teardown and the tampering of tests. Leaves no entry."""
    drop()
    try:
        yield
    finally:
        make()


def _triggers(table: str, found: list[Refusal]) -> list[Trigger]:
    return [
        Trigger(_name(table, f"{refusal.operation.lower()}_{number}"), table, refusal)
        for number, refusal in enumerate(found, start=1)
    ]


def _name(table: str, end: str) -> str:
    name = f"{PREFIX}{table}_{end}"
    if len(name) <= LONGEST_NAME:
        return name
    # PostgreSQL would cut it off, and two could become one.
    return f"{name[: LONGEST_NAME - 9]}_{sha256(name.encode()).hexdigest()[:8]}"


def _columns() -> dict[str, set[str]]:
    """The columns of each table, in one query: Django's introspection takes its time for each table."""
    query = (
        "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
        if connection.vendor == "sqlite"
        else "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        "WHERE relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped AND pg_table_is_visible(attrelid) "
        "AND relnamespace <> 'pg_catalog'::regnamespace"
    )
    columns: dict[str, set[str]] = {}
    for table, column in _rows(query):
        columns.setdefault(table, set()).add(column)
    return columns


def _existing() -> dict[str, str]:
    """Name and definition of our triggers that are there and switched on."""
    if connection.vendor == "sqlite":
        return _pairs("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return _pairs(
        "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgenabled IN ('O', 'A') AND pg_table_is_visible(t.tgrelid)"
    )


def _names() -> list[str]:
    if connection.vendor == "sqlite":
        return list(_existing())
    return list(_pairs("SELECT proname, prosrc FROM pg_proc WHERE pg_function_is_visible(oid)"))


def _pairs(query: str) -> dict[str, str]:
    return {name: text for name, text in _rows(query) if name.startswith(PREFIX)}


def _rows(query: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows


def _drop(names: Iterable[str]) -> None:
    if connection.vendor == "sqlite":
        _execute(f"DROP TRIGGER IF EXISTS {quoted(name)}" for name in names)
    else:
        # The trigger goes with its function, also where its table has been renamed.
        _execute(f"DROP FUNCTION IF EXISTS {quoted(name)}() CASCADE" for name in names)


def _execute(statements: Iterable[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def ledger_exists() -> bool:
    """Whether there is a ledger yet, or any table of the desk."""
    with connection.cursor() as cursor:
        return Entry._meta.db_table in connection.introspection.table_names(cursor)
