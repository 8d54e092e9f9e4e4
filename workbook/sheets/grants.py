"""Who holds which role, for what, from when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.actors import Actor, local_day
from accounts.models import Customer, Department, Role, RoleGrant, User
from accounts.models.grants import FOR_A_CUSTOMER, FOR_A_DEPARTMENT
from base.clock import now
from ledger.exceptions import NotPossible
from workbook.columns import Choice, Day, Reference, Text
from workbook.known import Known, overlap, room_of
from workbook.sheets.base import Mistake, Row, Sheet, Standing, Values, day, refuse_ended, written

ROLES = tuple((role.value, role.label) for role in Role if role != Role.STAFF)


class Grants(Sheet):
    key = "grants"
    title = _("Roles")
    key_columns = ("person", "role", "department", "customer", "starts_on")
    lookup = "user__employee_number"
    made_as = RoleGrant
    columns = (
        Reference("person", _("Employee number"), required=True, to="people"),
        Choice("role", _("Role"), required=True, choices=ROLES),
        Reference("department", _("For the department"), to="departments"),
        Reference("customer", _("For the customer"), to="customers"),
        Day("starts_on", _("First day"), required=True),
        Day("ends_on", _("Last day")),
        Text("reason", _("Reason"), required=True, width=24),
    )
    fixed: ClassVar = {"reason": _("The reason of a role that was given stays as it is.")}
    sample: ClassVar[Values] = {
        "person": "A001",
        "role": Role.SERVICE_DESK.value,
        "customer": "C01",
        "starts_on": "2026-01-01",
        "reason": "年度任命",
    }

    def rows(self, actor: Actor) -> QuerySet[RoleGrant]:
        today = local_day(now())
        return self.all_rows(actor).filter(Q(ends_on=None) | Q(ends_on__gte=today), customer__merged_into=None)

    def all_rows(self, actor: Actor) -> QuerySet[RoleGrant]:
        found = RoleGrant.objects.select_related("user", "department", "customer")
        return found.order_by("user__employee_number", "role", "department__code", "customer__code", "starts_on", "pk")

    def values_of(self, row: RoleGrant) -> Values:
        return {
            "person": row.user.employee_number,
            "role": row.role,
            "department": row.department.code if row.department else "",
            "customer": row.customer.code if row.customer else "",
            "starts_on": row.starts_on.isoformat(),
            "ends_on": written(row.ends_on),
            "reason": row.reason,
        }

    def check(self, row: Row, known: Known, actor: Actor) -> Iterator[Mistake]:
        values, first, last = row.values, date.fromisoformat(row.values["starts_on"]), day(row.values["ends_on"])
        if not row.changed:
            return
        if actor.user is not None and values["person"] == actor.user.employee_number:
            yield "person", gettext("Nobody changes the own roles. Ask another administrator.")
        if last is not None and last < first:
            yield "ends_on", gettext("The end lies before the beginning.")
            return
        if row.standing is not None:
            yield from _end(row.standing, last)
        else:
            yield from _scope(values)
            yield from refuse_ended(known, values["department"], until=last)
        yield from _second_holder(self.key_of(values), values, (first, last), known)

    def create(self, values: Values, actor: Actor) -> RoleGrant:
        department, customer = values["department"], values["customer"]
        return actions.grant_role(
            actor=actor,
            user=User.objects.get(employee_number=values["person"]),
            role=values["role"],
            department=Department.objects.get(code=department) if department else None,
            customer=Customer.objects.get(code=customer) if customer else None,
            starts_on=day(values["starts_on"]),
            ends_on=day(values["ends_on"]),
            reason=values["reason"],
        )

    def change(self, pk: int, version: int | None, row: Row, actor: Actor) -> RoleGrant:
        grant = RoleGrant.objects.get(pk=pk)
        return actions.end_grant(grant, actor=actor, version=version, on=day(row.values["ends_on"]))

    def take_back(self, pk: int, row: Values, actor: Actor) -> RoleGrant:
        grant = RoleGrant.objects.get(pk=pk)
        if grant.ends_on is not None and grant.ends_on <= local_day(now()):
            return grant
        return actions.end_grant(grant, actor=actor, version=None)

    def change_back(self, pk: int, row: Row, actor: Actor) -> RoleGrant:
        raise NotPossible(gettext("A role that was ended cannot go on again. Give it anew."))


def _scope(values: Values) -> Iterator[Mistake]:
    if values["role"] in FOR_A_CUSTOMER and not values["customer"]:
        yield "customer", gettext("This role is held for a customer. Choose one.")
    if values["role"] in FOR_A_DEPARTMENT and not values["department"]:
        yield "department", gettext("This role is held for a department. Choose one.")


def _end(standing: Standing, last: date | None) -> Iterator[Mistake]:
    """A grant may be made shorter, never longer: what was over at a time stays over."""
    ended = day(standing.values["ends_on"])
    if ended is not None and (last is None or last > ended):
        yield "ends_on", gettext("This role ends on %(day)s. Give it anew from the day after.") % {"day": ended}


def _second_holder(key: str, values: Values, days: tuple[date, date | None], known: Known) -> Iterator[Mistake]:
    room = known.holders[room_of(values["role"], values["department"], values["customer"], values["person"])]
    room[key] = days
    for other, held in room.items():
        if other != key and overlap(days, held):
            holder = other.split("|")[0]
            sentence = gettext(
                "%(name)s holds this role in these days. End that row first, then give it to somebody else."
            )
            yield "person", sentence % {"name": holder}
            return
