"""Who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.actors import CHINA, Actor
from accounts.models import Customer, Delegation, Department, Role, User
from base.clock import now
from ledger.exceptions import NotPossible
from workbook.columns import Choice, Moment, Reference, Text
from workbook.known import Known
from workbook.sheets.base import Mistake, Row, Sheet, Values
from workbook.sheets.grants import ROLES

GIVEN = _("Who stands in for whom is ended on the person's page, and entered anew with another beginning.")
LENT = tuple((role, label) for role, label in ROLES if role != Role.ADMINISTRATOR)


class Deputies(Sheet):
    key = "deputies"
    title = _("Deputies")
    key_columns = ("person", "deputy", "role", "department", "customer", "starts_at")
    lookup = "from_user__employee_number"
    made_as = Delegation
    columns = (
        Reference("person", _("Absent person"), required=True, to="people"),
        Reference("deputy", _("Deputy number"), required=True, to="people"),
        Choice("role", _("Role"), required=True, choices=LENT),
        Reference("department", _("For the department"), to="departments"),
        Reference("customer", _("For the customer"), to="customers"),
        Moment("starts_at", _("Begins at"), required=True, width=18),
        Moment("ends_at", _("Ends at"), required=True, width=18),
        Text("reason", _("Reason"), required=True, width=24),
    )
    fixed: ClassVar = {"ends_at": GIVEN, "reason": GIVEN}
    sample: ClassVar[Values] = {
        "person": "A001",
        "deputy": "A002",
        "role": Role.SERVICE_DESK.value,
        "starts_at": "2026-08-03 09:00",
        "ends_at": "2026-08-07 18:00",
        "reason": "年假",
    }

    def rows(self, actor: Actor) -> QuerySet[Delegation]:
        return self.all_rows(actor).filter(ends_at__gt=now(), declined_at=None)

    def all_rows(self, actor: Actor) -> QuerySet[Delegation]:
        found = Delegation.objects.select_related("from_user", "to_user", "department", "customer")
        return found.order_by("from_user__employee_number", "starts_at", "pk")

    def values_of(self, row: Delegation) -> Values:
        return {
            "person": row.from_user.employee_number,
            "deputy": row.to_user.employee_number,
            "role": row.role,
            "department": row.department.code if row.department else "",
            "customer": row.customer.code if row.customer else "",
            "starts_at": _clock(row.starts_at),
            "ends_at": _clock(row.ends_at),
            "reason": row.reason,
        }

    def check(self, row: Row, known: Known, actor: Actor) -> Iterator[Mistake]:
        if row.standing is not None:
            return
        values, days = row.values, (_at(row.values["starts_at"]), _at(row.values["ends_at"]))
        if values["person"] == values["deputy"]:
            yield "deputy", gettext("Choose somebody else as the deputy.")
        if actor.user is not None and values["deputy"] == actor.user.employee_number:
            yield "deputy", gettext("Nobody names himself as deputy. Ask another administrator.")
        if days[1] <= max(days[0], now()):
            yield "ends_at", gettext("The end lies before the beginning or in the past.")
        known.away.append((values["person"], values["deputy"], *days))
        if any(_turns(values, days, other) for other in known.away):
            sentence = gettext("%(name)s is away at that time and counts on %(deputy)s. Choose another deputy.")
            yield "deputy", sentence % {"name": values["deputy"], "deputy": values["person"]}

    def create(self, values: Values, actor: Actor) -> Delegation:
        department, customer = values["department"], values["customer"]
        return actions.delegate(
            actor=actor,
            role=values["role"],
            from_user=User.objects.get(employee_number=values["person"]),
            to_user=User.objects.get(employee_number=values["deputy"]),
            starts_at=_at(values["starts_at"]),
            ends_at=_at(values["ends_at"]),
            reason=values["reason"],
            department=Department.objects.get(code=department) if department else None,
            customer=Customer.objects.get(code=customer) if customer else None,
        )

    def change(self, pk: int, version: int | None, row: Row, actor: Actor) -> Delegation:
        raise NotPossible(GIVEN)

    def take_back(self, pk: int, row: Values, actor: Actor) -> Delegation:
        return actions.end_delegation(Delegation.objects.get(pk=pk), actor=actor, version=None)


def _turns(values: Values, days: tuple[datetime, datetime], other: tuple[str, str, datetime, datetime]) -> bool:
    """Whether the deputy is away in these days and counts on the absent person."""
    person, deputy, first, last = other
    back = (person, deputy) == (values["deputy"], values["person"])
    return back and person != deputy and first < days[1] and last > days[0]


def _clock(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat(" ", "minutes")[:16]


def _at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
