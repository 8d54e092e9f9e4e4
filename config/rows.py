"""Adding many rows of one kind at once, for jobs that write thousands; a fraction of what `bulk_create` costs a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import chain
from operator import attrgetter
from typing import Any, TypeAlias

from django.db import connection, models

Model: TypeAlias = type[models.Model]
Field: TypeAlias = "models.Field[Any, Any]"
AT_ONCE = 500
# Their values go to the driver as they are. Each has the type that its field reads.
PLAIN = (models.AutoField, models.BooleanField, models.CharField, models.IntegerField, models.TextField)


def add_rows(
    model: Model, names: Sequence[str], rows: Sequence[Sequence[Any]], *, skip_known: bool = False
) -> list[Any]:
    """Insert rows of values for the columns that `names` gives by attribute (`user_id`); the keys, in order.

    Columns that are not named stay empty. With `skip_known` a row that a unique constraint refuses is left out, and
    its key is missing. No defaults, no signals, no validation. One statement for `AT_ONCE` rows, or what the database
    takes.
    """
    fields = [_field(model, name) for name in names]
    most = min(AT_ONCE, connection.ops.bulk_batch_size(fields, rows)) if rows else AT_ONCE
    batches = (rows[first : first + most] for first in range(0, len(rows), most))
    return [key for batch in batches for key in _insert(model, tuple(names), batch, skip_known=skip_known)]


def add_all(instances: Sequence[models.Model]) -> None:
    """Insert new instances of one model that have no key of their own choice yet, and give each its key.

    What they point to may have got its key after they were made. Cost and limits as `add_rows`.
    """
    if not instances:
        return
    model = type(instances[0])
    own = [field for field in model._meta.concrete_fields if not (field.generated or _is_made(field))]
    links = [field for field in own if isinstance(field, models.ForeignKey)]
    for instance in instances:
        _follow(instance, links)
    names = [field.attname for field in own]
    values = map(attrgetter(*names), instances) if len(names) > 1 else ((getattr(one, names[0]),) for one in instances)
    for instance, key in zip(instances, add_rows(model, names, list(values)), strict=True):
        instance.pk = key
        instance._state.adding = False
        instance._state.db = connection.alias


def _insert(model: Model, names: tuple[str, ...], rows: Sequence[Sequence[Any]], *, skip_known: bool) -> list[Any]:
    columns = [
        values if (prepare := _prepare(_field(model, name), connection.vendor)) is None else map(prepare, values)
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    ]
    marks = ", ".join([f"({', '.join(['%s'] * len(names))})"] * len(rows))
    conflict = " ON CONFLICT DO NOTHING" if skip_known else ""
    statement = f"INSERT INTO {_target(model, names)} VALUES {marks}{conflict} RETURNING {_key(model)}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, list(chain.from_iterable(zip(*columns, strict=True))))
        return [key for (key,) in cursor.fetchall()]


def _follow(instance: models.Model, links: Iterable[models.ForeignKey[Any, Any]]) -> None:
    for field in links:
        to = field.get_cached_value(instance, default=None) if getattr(instance, field.attname) is None else None
        if to is not None:
            setattr(instance, field.attname, to.pk)


def _is_made(field: Field) -> bool:
    """The database makes the value."""
    return field.primary_key and isinstance(field, models.AutoField | models.BigAutoField)


@cache
def _field(model: Model, name: str) -> Field:
    return next(field for field in model._meta.concrete_fields if field.attname == name)


@cache
def _prepare(field: Field, vendor: str) -> Callable[[Any], Any] | None:
    """What makes a value of the field one for the driver, or None if it is one already."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    as_it_is = isinstance(target, PLAIN) or (vendor == "postgresql" and isinstance(target, models.DateTimeField))
    return None if as_it_is else partial(field.get_db_prep_save, connection=connection)


@cache
def _target(model: Model, names: tuple[str, ...]) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(_field(model, name).column) for name in names)
    return f"{quoted(model._meta.db_table)} ({columns})"


def _key(model: Model) -> str:
    return connection.ops.quote_name(model._meta.pk.column)
