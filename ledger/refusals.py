"""What the guards of a model refuse, as SQL conditions over OLD and NEW that SQLite and PostgreSQL both read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection, models
from django.db.models.sql import Query

from ledger.guards import Frozen, FrozenWith, Guard

Model = type[models.Model]


@dataclass(frozen=True)
class Refusal:
    """One thing that is refused; an empty condition always holds."""

    operation: str
    condition: str
    message: str


def refusals(model: Model, columns: set[str]) -> list[Refusal]:
    """All that the guards of `model` refuse on a table that has `columns`; guards on columns to come are left out."""
    found = [refusal for guard in guards(model) for refusal in _of_guard(model, guard, columns)]
    if getattr(model, "undeletable", False):
        found.append(Refusal("DELETE", "", f"{model._meta.label}: a row is never deleted"))
    if found and connection.vendor == "sqlite":
        # INSERT OR REPLACE and UPDATE OR REPLACE take away whatever row holds a unique value already, and without
        # recursive triggers no DELETE is noticed.
        message = f"{model._meta.label}: a row is never replaced"
        taken = _keys_taken(model, columns)
        found.append(Refusal("INSERT", " OR ".join(taken), message))
        if "append_only" not in guards(model):
            found.append(Refusal("UPDATE", " OR ".join(f"{one[:-1]} AND {_another(model)})" for one in taken), message))
    if found and connection.vendor == "postgresql":
        found.append(Refusal("TRUNCATE", "", f"{model._meta.label}: the table is never emptied"))
    return found


def guards(model: Model) -> tuple[Guard, ...]:
    """The guards that the model declares."""
    guard = getattr(model, "guard", ())
    return guard if isinstance(guard, tuple) else (guard,)


def quoted(name: str) -> str:
    """A table, column or trigger name for SQL."""
    return connection.ops.quote_name(name)


def literal(text: str) -> str:
    """A text for SQL, where no parameters are possible."""
    return "'" + text.replace("'", "''") + "'"


def _of_guard(model: Model, guard: Guard, columns: set[str]) -> Iterator[Refusal]:
    label = model._meta.label
    if guard == "append_only":
        yield Refusal("UPDATE", "", f"{label}: rows are only added, none is changed")
        yield Refusal("DELETE", "", f"{label}: rows are only added, none is deleted")
    elif isinstance(guard, Frozen) and _column(model, guard.column) in columns:
        yield from _frozen(model, guard, columns)
    elif isinstance(guard, FrozenWith) and _column(model, guard.parent) in columns:
        yield from _frozen_with(model, guard, columns)


def _frozen(model: Model, guard: Frozen, columns: set[str]) -> Iterator[Refusal]:
    state = quoted(_column(model, guard.column))
    for value, allowed in guard.values.items():
        reached = f"OLD.{state} = {literal(value)}"
        fixed = sorted(columns - {_column(model, name) for name in allowed})
        changed = f"{reached} AND ({_any_differs(fixed)})" if allowed else reached
        message = f"{model._meta.label}: a row with {guard.column} {value}"
        yield Refusal("UPDATE", changed, f"{message} stands still")
        yield Refusal("DELETE", reached, f"{message} is not deleted")


def _frozen_with(model: Model, guard: FrozenWith, columns: set[str]) -> Iterator[Refusal]:
    message = f"{model._meta.label}: the {guard.parent} with {guard.column} {' or '.join(guard.values)}"
    was, will_be = _parent_reached(model, guard, "OLD"), _parent_reached(model, guard, "NEW")
    if guard.insert:
        yield Refusal("INSERT", will_be, f"{message} takes no new rows")
    changed = f"{was} OR {will_be}"
    if guard.changing:
        fixed = sorted(columns - {_column(model, name) for name in guard.changing})
        changed = f"({changed}) AND ({_any_differs(fixed)})"
    yield Refusal("UPDATE", changed, f"{message} keeps its rows as they are")
    yield Refusal("DELETE", was, f"{message} keeps its rows")


def _parent_reached(model: Model, guard: FrozenWith, row: str) -> str:
    parent = cast(Model, model._meta.get_field(guard.parent).related_model)
    table, key, column = parent._meta.db_table, _column(parent, "pk"), _column(parent, guard.column)
    values = ", ".join(literal(value) for value in guard.values)
    link = f"frozen.{quoted(key)} = {row}.{quoted(_column(model, guard.parent))}"
    reached = f"frozen.{quoted(column)} IN ({values})"
    return f"EXISTS (SELECT 1 FROM {quoted(table)} frozen WHERE {link} AND {reached})"  # noqa: S608 our own names


def _any_differs(columns: Iterable[str]) -> str:
    differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"OLD.{quoted(column)} {differs} NEW.{quoted(column)}" for column in columns)


def _keys_taken(model: Model, columns: set[str]) -> list[str]:
    """For each unique key of the model, whether a row of the table holds the values of the new one already."""
    return [
        _held(model, keys, condition)
        for keys, condition in _unique_keys(model)
        if {_column(model, name) for name in keys} <= columns
    ]


def _unique_keys(model: Model) -> Iterator[tuple[list[str], models.Q | None]]:
    fields = cast("list[models.Field[Any, Any]]", model._meta.concrete_fields)
    yield from (([field.name], None) for field in fields if field.unique)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield list(constraint.fields), constraint.condition


def _held(model: Model, keys: Iterable[str], condition: models.Q | None) -> str:
    table = quoted(model._meta.db_table)
    named = [quoted(_column(model, name)) for name in keys]
    same = " AND ".join(f"taken.{name} = NEW.{name}" for name in named)
    if condition is not None:
        both = (_condition(model, condition, row) for row in ("taken", "NEW"))
        same = " AND ".join([same, *both])
    return f"EXISTS (SELECT 1 FROM {table} taken WHERE {same})"  # noqa: S608 our own names


def _condition(model: Model, condition: models.Q, row: str) -> str:
    """The condition of a partial unique constraint, of one row."""
    query = Query(model, alias_cols=True)
    where = query.build_where(condition)
    sql, parameters = query.get_compiler(connection=connection).compile(where)
    table = quoted(model._meta.db_table)
    return str(sql % tuple(map(_constant, parameters))).replace(f"{table}.", f"{row}.")


def _constant(value: object) -> str:
    return literal(value) if isinstance(value, str) else str(int(cast(int, value)))


def _another(model: Model) -> str:
    key = quoted(_column(model, "pk"))
    return f"taken.{key} <> OLD.{key}"


def _column(model: Model, name: str) -> str:
    found = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return cast(str, cast("models.Field[Any, Any]", found).column)
