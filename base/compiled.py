"""Queries whose text is put together once in a process: for what every request and every step asks for.

With the ORM that takes several times as long as the database needs for the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Parameter(Expression):
    """A value of a compiled query that is named when it is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class _Shape:
    """Which columns of an answer make which object: the row's own, and those that `select_related` names."""

    def __init__(self, compiler: SQLCompiler, chosen: dict[str, Any]) -> None:
        self._model = chosen["model"]
        self._own = slice(chosen["select_fields"][0], chosen["select_fields"][-1] + 1)
        self._names = [column.target.attname for column, *_sql in compiler.select[self._own]]
        self._related = get_related_populators(chosen, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]

    def made(self, row: tuple[Any, ...]) -> Any:
        found = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for each in self._related:
            each.populate(row, found)
        return found


@dataclass(frozen=True)
class _Text:
    """A statement, and how the columns of its answer become values of Python and these an object."""

    sql: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[int, tuple[list[Any], Any]], ...]
    shape: _Shape | None

    @classmethod
    def of(cls, compiler: SQLCompiler) -> _Text | None:
        """None where the ORM knows without asking that nothing fits."""
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        converters = compiler.get_converters([column for column, *_sql in compiler.select[: compiler.col_count]])
        shape = _Shape(compiler, compiler.klass_info) if compiler.klass_info else None
        return cls(sql, parameters, tuple(converters.items()), shape)

    def rows(self, values: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, with_values(self.parameters, **values))
            found = cursor.fetchall()
        return map(self._converted, found) if self.converters else iter(found)

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        columns = list(row)
        for place, (converters, expression) in self.converters:
            for convert in converters:
                columns[place] = convert(columns[place], expression, connection)
        return tuple(columns)


class CompiledValues:
    """A query for values, made by `make` at the first call; which `Parameter` stand in it is the same at every call."""

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        self._make = make
        self._compiled: dict[str, _Text | None] = {}

    def rows(self, **values: Any) -> Iterator[tuple[Any, ...]]:
        """What is found now for these values, as the ORM's `values_list` would give it; one statement."""
        text = self._text()
        return text.rows(values) if text else iter(())

    def _text(self) -> _Text | None:
        if connection.vendor not in self._compiled:
            self._compiled[connection.vendor] = _Text.of(self._make().query.get_compiler(connection.alias))
        return self._compiled[connection.vendor]


class CompiledRecords(CompiledValues, Generic[Row]):
    """The same for whole rows, with `select_related`, without annotations and prefetching."""

    def __init__(self, make: Callable[[], QuerySet[Row, Row]]) -> None:
        super().__init__(make)

    def found(self, **values: Any) -> list[Row]:
        """What is found now for these values, as the ORM would give it: new objects at every call; one statement."""
        text = self._text()
        if text is None:
            return []
        assert text.shape is not None, "a query for values"
        return [text.shape.made(row) for row in text.rows(values)]

    def first(self, **values: Any) -> Row | None:
        """The first of what is found, if there is any."""
        return next(iter(self.found(**values)), None)


def with_values(parameters: Iterable[Any], **values: Any) -> list[Any]:
    """The parameters of a statement, those that are `Parameter` as the database takes these values."""
    return [
        each.output_field.get_db_prep_value(values[each.name], connection) if isinstance(each, Parameter) else each
        for each in parameters
    ]
