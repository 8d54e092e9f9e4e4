"""One way to write values down, so that the same facts always give the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

import rfc8785
from django.db import models
from django.utils.duration import duration_iso_string
from django.utils.functional import Promise

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


AS_THEY_ARE = frozenset({str, int, bool, float, type(None)})


def plain(value: object) -> Json:
    """The JSON value that stands for `value`: instants as UTC ISO text with microseconds, decimals as text.

    Raises `TypeError` for what has no such form (a model instance, a naive datetime).
    """
    if type(value) in AS_THEY_ARE:
        return value  # type: ignore[return-value]
    match value:
        # First, since most of the rest are instants.
        case datetime():
            if value.tzinfo is None:
                raise TypeError("a naive datetime has no place in the ledger")
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case Enum():
            return plain(value.value)
        case None | bool() | int() | float():
            return value
        case str():
            return str(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case Decimal():
            return format(value, "f")
        case UUID() | Promise():
            return str(value)
        case bytes() | bytearray() | memoryview():
            return "sha256:" + hashlib.sha256(bytes(value)).hexdigest()
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=str)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: object) -> str:
    """JSON text in the canonical form of RFC 8785, so that others verify it without rules of ours.

    Raises TypeError for what has no form, and ValueError for a number beyond 2⁵³ or one that is none.
    """
    try:
        # Most of it is plain already; the encoder asks for the rest.
        text = WRITER.encode(value)
    except TypeError:
        # A key that is no text, which the encoder does not ask about, or a value without a form: that raises again.
        text = WRITER.encode(plain(value))
    # Python's encoder writes the same, six times as fast, but for these.
    return rfc8785.dumps(json.loads(text)).decode() if UNUSUAL.search(text) else text


# What RFC 8785 sorts or writes otherwise. It may stand inside a text as well, where it changes nothing.
UNUSUAL = re.compile(
    r"[\U00010000-\U0010ffff]"  # a character of two units, after which keys are sorted otherwise
    r"|(?:^|(?<=[:,\[]))-?[0-9]+(?:[.eE]|(?<=[0-9]{16}))"  # a number with a fraction, or a long one
)
WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=plain)


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def recorded_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns that the ledger keeps: all of the row but the key, computed ones and `unrecorded` ones."""
    left_out = getattr(model, "unrecorded", ())
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated and field.name not in left_out
    ]


def field_values(instance: models.Model) -> dict[str, Json]:
    """Each recorded field by name as it will read once stored; a link is the key that it points to."""
    model = type(instance)
    return stored_values(model, {field.attname: getattr(instance, field.attname) for field in recorded_fields(model)})


def stored_values(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Json]:
    """The same of a row whose values are given by attribute. Most of them are plain already."""
    return {
        # mypy does not see that `usual` is a type of JSON.
        name: (
            value  # type: ignore[misc]
            if (value := values[attribute]) is None or type(value) is usual
            else stored_form(field, value)
        )
        for field, name, attribute, usual in _read_plan(model)
    }


@cache
def default_values(model: type[models.Model]) -> dict[str, Json]:
    """What each recorded field holds where nothing was said of it."""
    return {field.name: default_value(field) for field in recorded_fields(model)}


def default_value(field: models.Field[Any, Any]) -> Json:
    """What a row written before the field existed holds in it."""
    return stored_form(field, field.get_default())


def stored_form(field: models.Field[Any, Any], value: object) -> Json:
    """`value` as the database gives it back: a date typed as text is a date, a decimal has its places."""
    if value is None or type(value) is STORED_AS.get(type(field)):
        return plain(value)
    if isinstance(field, models.JSONField):
        if type(value) is list and AS_THEY_ARE.issuperset(map(type, value)):
            return [*value]
        if (
            type(value) is dict
            and AS_THEY_ARE.issuperset(map(type, value.values()))
            and {str}.issuperset(map(type, value))
        ):
            return {**value}
        return plain(json.loads(json.dumps(value, cls=field.encoder)))
    if isinstance(value, Enum):
        value = value.value
    value = field.to_python(value)
    if isinstance(value, Decimal) and isinstance(field, models.DecimalField):
        value = value.quantize(Decimal(1).scaleb(-field.decimal_places))
    return plain(value)


# Where a value of the very type needs no conversion.
STORED_AS: dict[type[models.Field[Any, Any]], type] = {
    models.CharField: str,
    models.TextField: str,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.BigAutoField: int,
    models.BooleanField: bool,
    models.DateTimeField: datetime,
}


@cache
def _read_plan(model: type[models.Model]) -> list[tuple[models.Field[Any, Any], str, str, type | None]]:
    """Of each recorded field where its value is found, and the type of it that JSON has as well."""
    return [(field, field.name, field.attname, _plain_type(field)) for field in recorded_fields(model)]


def _plain_type(field: models.Field[Any, Any]) -> type | None:
    usual = int if isinstance(field, models.ForeignKey) else STORED_AS.get(type(field))
    return usual if usual in AS_THEY_ARE else None
