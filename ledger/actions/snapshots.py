"""Rows before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from django.db import models

from base.rows import change_row
from ledger.canonical import Json, default_values, field_values, plain, recorded_fields, stored_values
from ledger.models import Versioned

Changed: TypeAlias = dict[str, list[Json]]


class Snapshot:
    """A row as it was read, to tell what the body changed in it."""

    def __init__(self, instance: models.Model) -> None:
        self.instance = instance
        self.values = field_values(instance)
        names = getattr(instance, "unrecorded", ())
        left_out = [entry.attname for entry in instance._meta.concrete_fields if entry.name in names]
        self._unrecorded = {column: getattr(instance, column) for column in left_out}

    def save(self, *, bump: bool, always: bool = False) -> Changed | None:
        """Write the changed columns by one conditional UPDATE; None if the row is no longer as it was read."""
        after = field_values(self.instance)
        changed = {name: [self.values[name], value] for name, value in after.items() if value != self.values[name]}
        columns = self._columns(changed)
        if not columns and not always:
            return {}
        unchanged: dict[str, Any] = {self.instance._meta.pk.attname: self.instance.pk}
        if isinstance(self.instance, Versioned):
            unchanged["version"] = self.values["version"]
            if bump:
                columns["version"] = self.instance.version + 1
        if not change_row(type(self.instance), unchanged, columns):
            return None
        if isinstance(self.instance, Versioned) and bump:
            changed["version"] = [self.instance.version, columns["version"]]
            self.instance.version = columns["version"]
        return changed

    def _columns(self, changed: Changed) -> dict[str, Any]:
        fields = [entry for entry in recorded_fields(type(self.instance)) if entry.name in changed]
        columns = {entry.attname: getattr(self.instance, entry.attname) for entry in fields}
        for name, before in self._unrecorded.items():
            if getattr(self.instance, name) != before:
                columns[name] = getattr(self.instance, name)
        return columns


def born(values: dict[str, Json]) -> Changed:
    """The fields of a new row."""
    return {name: [None, value] for name, value in values.items()}


def newborn(model: type[models.Model], key: object, values: Mapping[str, Any]) -> dict[str, Json]:
    """How a payload tells of a new row given by attributes, where there are many: what it has by default stays out."""
    usual = default_values(model)
    stored = stored_values(model, values)
    return row_of(model, key, born({name: value for name, value in stored.items() if value != usual[name]}))


def gone(instance: models.Model) -> dict[str, Json]:
    """How a payload tells of a row that is deleted."""
    fields: Changed = {name: [value, None] for name, value in field_values(instance).items()}
    return {**row(instance, fields), "removed": True}


def row(instance: models.Model, fields: Changed) -> dict[str, Json]:
    """How a payload tells of a row."""
    return row_of(type(instance), instance.pk, fields)


def row_of(model: type[models.Model], key: object, fields: Changed) -> dict[str, Json]:
    """The same of a row that no instance stands for."""
    return {"model": model._meta.label_lower, "pk": plain(key), "fields": cast(Json, fields)}
