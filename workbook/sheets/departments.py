"""Departments and functional units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.actors import Actor
from accounts.models import Department
from workbook.columns import Choice, Code, Column, Day, Text
from workbook.known import Known
from workbook.sheets.base import Mistake, Row, Sheet, Values, day, written

NAMES = ("name", "name_en", "kind", "description")


class Departments(Sheet):
    key = "departments"
    title = _("Departments")
    key_columns = ("code",)
    unique = ("name",)
    lookup = "code"
    made_as = Department
    columns = (
        Code("code", _("Department code"), required=True),
        Column("name", _("Name"), required=True, longest=100, width=24),
        Column("name_en", _("Name in English"), longest=100, width=24),
        Choice("kind", _("Kind"), choices=tuple(Department.Kind.choices), otherwise=Department.Kind.BUSINESS.value),
        Text("description", _("Description")),
        Day("ended_on", _("Last day")),
    )
    sample: ClassVar[Values] = {"code": "FIN1", "name": "金融业务一部", "kind": Department.Kind.BUSINESS.value}

    def rows(self, actor: Actor) -> QuerySet[Department]:
        return Department.objects.order_by("code")

    def values_of(self, row: Department) -> Values:
        return {"code": row.code, **{name: getattr(row, name) for name in NAMES}, "ended_on": written(row.ended_on)}

    def check(self, row: Row, known: Known, actor: Actor) -> Iterator[Mistake]:
        """The day may be emptied, which opens the department again, also for the rows below."""
        if "ended_on" not in row.changed:
            return
        if row.values["ended_on"]:
            yield "ended_on", gettext("A department is ended on its own page, which says what still belongs to it.")
        else:
            known.ended.pop(row.values["code"], None)

    def create(self, values: Values, actor: Actor) -> Department:
        return actions.create_department(actor=actor, code=values["code"], **{name: values[name] for name in NAMES})

    def change(self, pk: int, version: int | None, row: Row, actor: Actor) -> Department:
        department = Department.objects.get(pk=pk)
        if "ended_on" in row.changed:
            department = _ended_or_open(department, version, day(row.values["ended_on"]), actor)
            version = department.version
        changed = {name: row.values[name] for name in NAMES if name in row.changed}
        return actions.change_department(department, actor=actor, version=version, **changed) if changed else department

    def take_back(self, pk: int, row: Values, actor: Actor) -> Department:
        return actions.end_department(Department.objects.get(pk=pk), actor=actor, version=None)


def _ended_or_open(department: Department, version: int | None, last: date | None, actor: Actor) -> Department:
    """Opened again; the end comes back only with an import that is taken back."""
    if last is None:
        return actions.reopen_department(department, actor=actor, version=version)
    return actions.end_department(department, actor=actor, version=version, on=last)
