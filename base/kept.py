"""Queries whose text is put together once in a process: for what every request and every step asks for.

With the ORM that takes several times as long as the database needs for the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """A value of a kept query that is named when it is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


@dataclass(frozen=True)
class _Text:
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    converters: dict[int, Any]


class Kept:
    """A query for values, made by `make` at the first call; which `Given` stand in it is the same at every call."""

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        self._make = make
        self._compiled: dict[str, _Text] = {}

    def rows(self, **values: Any) -> Iterator[tuple[Any, ...]]:
        """What is found now for these values, as the ORM's `values_list` would give it; one statement."""
        text = self._text()
        with connection.cursor() as cursor:
            cursor.execute(text.sql, [_filled(each, values) for each in text.parameters])
            found = cursor.fetchall()
        if text.converters:
            return map(tuple, text.compiler.apply_converters(found, text.converters))
        return iter(found)

    def _text(self) -> _Text:
        if connection.vendor not in self._compiled:
            compiler = self._make().query.get_compiler(connection.alias)
            sql, parameters = compiler.as_sql()
            converters = compiler.get_converters([column for column, *_sql in compiler.select[: compiler.col_count]])
            self._compiled[connection.vendor] = _Text(compiler, sql, parameters, converters)
        return self._compiled[connection.vendor]


def _filled(parameter: Any, values: dict[str, Any]) -> Any:
    if not isinstance(parameter, Given):
        return parameter
    return parameter.output_field.get_db_prep_value(values[parameter.name], connection)
