"""The guards of the models as triggers of SQLite and PostgreSQL. `ledger.migrating` drops and makes them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from ledger import catalog
from ledger.models import Entry
from ledger.refusals import Model, Refusal, literal, quoted, refusals

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
        if connection.vendor == "sqlite":
            return self._on_sqlite()
        operation = self.refusal.operation
        each = 0 if operation == "TRUNCATE" else catalog.ROW
        return f"{self.table} {catalog.BEFORE + each + catalog.OPERATIONS[operation]} {self._postgresql_body()}"

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
    columns = catalog.columns()
    found: list[Trigger] = []
    for model in apps.get_models() if models is None else models:
        declares = hasattr(model, "guard") or hasattr(model, "undeletable")
        table = model._meta.db_table
        if declares and table in columns and not model._meta.proxy:
            found += _triggers(table, refusals(model, columns[table]))
    return found


def missing(models: Iterable[Model] | None = None) -> list[str]:
    """Names of the triggers that should be there and are not, or are switched off or altered."""
    there = catalog.existing()
    return [trigger.name for trigger in wanted(models) if there.get(trigger.name) != trigger.definition]


def require() -> None:
    """Refuse to start on a database that does not guard its records; for web and worker."""
    if not ledger_exists():
        raise ImproperlyConfigured("The database has no tables yet. Run `manage.py migrate`.")
    if lacking := missing():
        raise ImproperlyConfigured(f"The database lacks guards: {', '.join(lacking)}. Run `manage.py migrate`.")
    if switches := catalog.switches():
        raise ImproperlyConfigured(
            f"The guards of the database do not fire: {', '.join(switches)}. Take it back, and find out who set it."
        )


def make(models: Iterable[Model] | None = None) -> list[str]:
    """Make the triggers that are missing or altered, and answer their names; for all models, drop what is left over."""
    there, all_wanted = catalog.existing(), wanted(models)
    lacking = [trigger for trigger in all_wanted if there.get(trigger.name) != trigger.definition]
    left_over = set(there) - {trigger.name for trigger in all_wanted} if models is None else set()
    catalog.drop([trigger.name for trigger in lacking] + sorted(left_over))
    catalog.execute(statement for trigger in lacking for statement in trigger.statements())
    return [trigger.name for trigger in lacking]


def drop() -> list[str]:
    """Drop all guards, and answer their names."""
    there = catalog.names()
    catalog.drop(there)
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
    name = f"{catalog.PREFIX}{table}_{end}"
    if len(name) <= LONGEST_NAME:
        return name
    # PostgreSQL would cut it off, and two could become one.
    return f"{name[: LONGEST_NAME - 9]}_{sha256(name.encode()).hexdigest()[:8]}"


def ledger_exists() -> bool:
    """Whether there is a ledger yet, or any table of the desk."""
    with connection.cursor() as cursor:
        return Entry._meta.db_table in connection.introspection.table_names(cursor)
