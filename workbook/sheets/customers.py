"""Customers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.actors import Actor
from accounts.models import Customer, Department
from workbook.columns import Code, Column, Reference, YesNo
from workbook.known import Known
from workbook.sheets.base import Mistake, Row, Sheet, Values, merged_code, refuse_ended, said, yes


class Customers(Sheet):
    key = "customers"
    title = _("Customers")
    key_columns = ("code",)
    unique = ("name",)
    lookup = "code"
    made_as = Customer
    columns = (
        Code("code", _("Customer code"), required=True),
        Column("name", _("Customer name"), required=True, width=28),
        Column("industry", _("Industry"), longest=60),
        Reference("department", _("Department"), required=True, to="departments"),
        YesNo("in_service_scope", _("In service scope"), otherwise="yes"),
    )
    sample: ClassVar[Values] = {
        "code": "C01",
        "name": "示例银行股份有限公司",
        "industry": "银行",
        "department": "FIN1",
        "in_service_scope": "yes",
    }

    def rows(self, actor: Actor) -> QuerySet[Customer]:
        return self.all_rows(actor).filter(merged_into=None)

    def all_rows(self, actor: Actor) -> QuerySet[Customer]:
        """Also those that were merged, whose codes and names are taken."""
        return Customer.objects.select_related("department", "merged_into").order_by("code")

    def values_of(self, row: Customer) -> Values:
        same = {"code": row.code, "name": row.name, "industry": row.industry}
        return {**same, "department": row.department.code, "in_service_scope": said(row.in_service_scope)}

    def check(self, row: Row, known: Known, actor: Actor) -> Iterator[Mistake]:
        if (code := merged_code(row, Customer)) is not None:
            sentence = gettext("This customer was merged into %(code)s. Change that one, or leave this row out.")
            yield "code", sentence % {"code": code}
            return
        if {"department", "in_service_scope"} & row.changed:
            yield from refuse_ended(known, row.values["department"])

    def create(self, values: Values, actor: Actor) -> Customer:
        return actions.create_customer(actor=actor, code=values["code"], **self._told(values))

    def change(self, pk: int, version: int | None, row: Row, actor: Actor) -> Customer:
        changed = {name: value for name, value in self._told(row.values).items() if name in row.changed}
        return actions.change_customer(Customer.objects.get(pk=pk), actor=actor, version=version, **changed)

    def take_back(self, pk: int, row: Values, actor: Actor) -> Customer:
        customer = Customer.objects.get(pk=pk)
        return actions.change_customer(customer, actor=actor, version=None, in_service_scope=False)

    def _told(self, values: Values) -> dict:
        return {
            "name": values["name"],
            "industry": values["industry"],
            "department": Department.objects.get(code=values["department"]),
            "in_service_scope": yes(values["in_service_scope"]),
        }
