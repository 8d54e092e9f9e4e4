"""Writing rows by plain statements: a fraction of what `bulk_create`, `create` and `update` cost for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Literal, TypeAlias

from django.db import connection, connections, models

Model: TypeAlias = type[models.Model]
Known: TypeAlias = Literal["refuse", "skip", "renew"]
Field: TypeAlias = "models.Field[Any, Any]"
AT_ONCE = 1000
# Their values go to the driver as they are. Each has the type that its field reads.
PLAIN = (models.AutoField, models.BooleanField, models.CharField, models.IntegerField, models.TextField)


def add_rows(
    model: Model, names: Sequence[str], rows: Sequence[Sequence[Any]], *, known: Known = "refuse"
) -> list[Any]:
    """Insert rows of values for the columns that `names` gives by attribute (`user_id`); the keys, in order.

    Columns that are not named stay empty. A row that a unique constraint refuses raises `IntegrityError`, or is left
    out, and its key too ("skip"), or takes the place of the one with its key ("renew"). No defaults, no signals, no
    validation. One statement for `AT_ONCE` rows, or what the database takes.
    """
    fields = [_field(model, name) for name in names]
    most = min(AT_ONCE, connection.ops.bulk_batch_size(fields, rows)) if rows else AT_ONCE
    batches = (rows[first : first + most] for first in range(0, len(rows), most))
    return [key for batch in batches for key in _insert(model, fields, batch, known)]


def change_row(model: Model, known: Mapping[str, Any], columns: Mapping[str, Any]) -> bool:
    """Whether there is one row with all these values, by attribute and never empty; it then has the new ones.

    One UPDATE; no signals, no validation.
    """
    quoted, to = connection.ops.quote_name, connections[connection.alias]
    parts = [[f"{quoted(str(_field(model, name).column))} = %s" for name in names] for names in (columns, known)]
    given = [*columns.items(), *known.items()]
    values = [_field(model, name).get_db_prep_save(value, connection=to) for name, value in given]
    table = quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {', '.join(parts[0])} WHERE {' AND '.join(parts[1])}", values)  # noqa: S608
        return bool(cursor.rowcount == 1)


@dataclass(slots=True, eq=False)
class NewRow:
    """A row to be, without the cost of an instance: values of columns by attribute (`user_id`), and in the end its key.

    A value may be another new row: it stands for the key that this gets.
    """

    model: Model
    values: dict[str, Any]
    key: Any = None


def add_new(rows: Sequence[NewRow]) -> None:
    """Insert new rows of one model whose keys the database makes; completes each by its defaults and its key.

    Raises `TypeError` for a column that the model lacks, before anything is written. Cost and limits as `add_rows`.
    """
    if not rows:
        return
    model = rows[0].model
    defaults = _defaults(model)
    for row in rows:
        row.values = _complete(row.values, defaults)
    keys = add_rows(model, list(defaults), [tuple(row.values.values()) for row in rows])
    for row, key in zip(rows, keys, strict=True):
        row.key = key


def _insert(model: Model, fields: Sequence[Field], rows: Sequence[Sequence[Any]], known: Known) -> list[Any]:
    columns = [_prepared(field, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True)]
    source, parameters = _lists(fields, columns) if connection.vendor == "postgresql" else _marks(columns)
    quoted = connection.ops.quote_name
    names, key = [quoted(str(field.column)) for field in fields], quoted(str(model._meta.pk.column))
    renewed = ", ".join(f"{name} = excluded.{name}" for name in names if name != key)
    conflict = {"refuse": "", "skip": "ON CONFLICT DO NOTHING", "renew": f"ON CONFLICT ({key}) DO UPDATE SET {renewed}"}
    into = f"{quoted(model._meta.db_table)} ({', '.join(names)})"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {into} {source} {conflict[known]} RETURNING {key}", parameters)
        return [made for (made,) in cursor.fetchall()]


def _prepared(field: Field, values: Sequence[Any]) -> list[Any]:
    if _is_plain(field, connection.vendor):
        return list(values)
    if isinstance(field, models.JSONField) and connection.vendor == "postgresql":
        return _texts(values, field)
    # Not the proxy, which looks it up for each value.
    to = connections[connection.alias]
    return [field.get_db_prep_save(value, connection=to) for value in values]


def _texts(values: Sequence[Any], field: models.JSONField) -> list[str | None]:
    """One value often stands in many rows: each is written down once."""
    known: dict[int, str | None] = {id(None): None}
    for value in values:
        if id(value) not in known:
            known[id(value)] = json.dumps(value, cls=field.encoder)
    return [known[id(value)] for value in values]


def _marks(columns: list[list[Any]]) -> tuple[str, list[Any]]:
    marks = f"({', '.join(['%s'] * len(columns))})"
    return f"VALUES {', '.join([marks] * len(columns[0]))}", list(chain.from_iterable(zip(*columns, strict=True)))


def _lists(fields: Sequence[Field], columns: list[list[Any]]) -> tuple[str, list[Any]]:
    """PostgreSQL reads a list for each column in half the time of a mark for each value; what stands in all rows is
    sent once."""
    alike = [column.count(column[0]) == len(column) for column in columns]
    if all(alike):
        alike[0] = False
    kinds = list(map(_kind, fields))
    # A text in a list of JSON values would have to be quoted twice.
    sent = ["text" if kind == "jsonb" else kind for kind in kinds]
    lists = ", ".join(f"%s::{kind}[]" for kind, same in zip(sent, alike, strict=True) if not same)
    names = ", ".join(f"c{number}" for number, same in enumerate(alike) if not same)
    values = ("%s" if same else f"c{number}" for number, same in enumerate(alike))
    casts = (f"{value}::{kind}" for value, kind in zip(values, kinds, strict=True))
    parameters = [column[0] for column, same in zip(columns, alike, strict=True) if same]
    parameters += [column for column, same in zip(columns, alike, strict=True) if not same]
    return f"SELECT {', '.join(casts)} FROM unnest({lists}) AS listed ({names})", parameters  # noqa: S608


@cache
def _kind(field: Field) -> str:
    """The length of a text is left to the column, which refuses what is too long where a cast would cut it off."""
    return str(field.db_type(connection)).partition("(")[0]


def _complete(values: Mapping[str, Any], defaults: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """In the order of the columns."""
    if unknown := values.keys() - defaults.keys():
        raise TypeError(f"no such columns: {', '.join(sorted(unknown))}")
    complete = {name: values[name] if name in values else default() for name, default in defaults.items()}
    for name, value in complete.items():
        if type(value) is NewRow:
            complete[name] = value.key
    return complete


@cache
def _defaults(model: Model) -> dict[str, Callable[[], Any]]:
    """What stands in a column that nobody names, by attribute; the key is the database's to make."""
    own = [field for field in model._meta.concrete_fields if not (field.generated or _is_made(field))]
    return {field.attname: field.get_default for field in own}


def _is_made(field: Field) -> bool:
    """The database makes the value."""
    return field.primary_key and isinstance(field, models.AutoField | models.BigAutoField)


@cache
def _field(model: Model, name: str) -> Field:
    return next(field for field in model._meta.concrete_fields if field.attname == name)


@cache
def _is_plain(field: Field, vendor: str) -> bool:
    """A value of the field is one for the driver already."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    return isinstance(target, PLAIN) or (vendor == "postgresql" and isinstance(target, models.DateTimeField))
