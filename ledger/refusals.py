"""What the guards of a model refuse, as SQL conditions over OLD and NEW that SQLite and PostgreSQL both read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection, models

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
        # INSERT OR REPLACE would put a new row in the place of the old one.
        found.append(Refusal("INSERT", _key_taken(model), f"{model._meta.label}: a row is never replaced"))
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
        yield from _frozen_with(model, guard)


def _frozen(model: Model, guard: Frozen, columns: set[str]) -> Iterator[Refusal]:
    state = quoted(_column(model, guard.column))
    for value, allowed in guard.values.items():
        reached = f"OLD.{state} = {literal(value)}"
        fixed = sorted(columns - {_column(model, name) for name in allowed})
        changed = f"{reached} AND ({_any_differs(fixed)})" if allowed else reached
        message = f"{model._meta.label}: a row with {guard.column} {value}"
        yield Refusal("UPDATE", changed, f"{message} stands still")
        yield Refusal("DELETE", reached, f"{message} is not deleted")


def _frozen_with(model: Model, guard: FrozenWith) -> Iterator[Refusal]:
    message = f"{model._meta.label}: the {guard.parent} with {guard.column} {' or '.join(guard.values)}"
    was, will_be = _parent_reached(model, guard, "OLD"), _parent_reached(model, guard, "NEW")
    if guard.insert:
        yield Refusal("INSERT", will_be, f"{message} takes no new rows")
    yield Refusal("UPDATE", f"{was} OR {will_be}", f"{message} keeps its rows as they are")
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


def _key_taken(model: Model) -> str:
    key = quoted(_column(model, "pk"))
    return f"EXISTS (SELECT 1 FROM {quoted(model._meta.db_table)} taken WHERE taken.{key} = NEW.{key})"  # noqa: S608


def _column(model: Model, name: str) -> str:
    found = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return cast(str, cast("models.Field[Any, Any]", found).column)
