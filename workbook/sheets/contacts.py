"""The people at the customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.actions import MOST_POINTS, Point
from accounts.actors import Actor, local_day
from accounts.models import Contact, ContactPoint, Customer, User
from base.clock import now
from workbook.columns import (
    Choice,
    Code,
    Column,
    Day,
    Email,
    Lines,
    Phone,
    Reference,
    YesNo,
    address,
    one_phone,
)
from workbook.known import Known
from workbook.sheets.base import Mistake, Row, Sheet, Values, day, lines, merged_code, said, written, yes

NAMES = ("name", "title", "mobile", "phone", "email", "language")
POINTS = {"more_phones": ContactPoint.Kind.PHONE.value, "more_emails": ContactPoint.Kind.EMAIL.value}


class Contacts(Sheet):
    key = "contacts"
    title = _("Contacts")
    key_columns = ("code",)
    lookup = "code"
    made_as = Contact
    columns = (
        Code("code", _("Contact code"), required=True, longest=30),
        Reference("customer", _("Customer code"), required=True, to="customers"),
        Column("name", _("Full name"), required=True, longest=60),
        Column("title", _("Job title"), longest=60),
        Phone("mobile", _("Mobile")),
        Phone("phone", _("Phone")),
        Email("email", _("E-mail")),
        YesNo("may_confirm", _("May confirm completion")),
        Choice("language", _("Language"), choices=tuple(User.Language.choices)),
        Day("left_on", _("Left on")),
        Lines("more_phones", _("Further numbers, one a line"), width=24, longest_line=40, each=one_phone),
        Lines("more_emails", _("Further addresses, one a line"), width=24, longest_line=254, each=address),
    )
    fixed: ClassVar = {"customer": _("A contact stays with the customer. Enter another contact there.")}
    sample: ClassVar[Values] = {
        "code": "C01-P1",
        "customer": "C01",
        "name": "李敏",
        "title": "运营主管",
        "mobile": "13900000002",
        "phone": "010-12345678-801",
        "email": "limin@example.com",
        "may_confirm": "yes",
    }

    def rows(self, actor: Actor) -> QuerySet[Contact]:
        return self.all_rows(actor).filter(merged_into=None)

    def all_rows(self, actor: Actor) -> QuerySet[Contact]:
        """Also those that were merged, whose codes are taken."""
        found = Contact.objects.select_related("customer", "merged_into").prefetch_related("points")
        return found.order_by("code")

    def values_of(self, row: Contact) -> Values:
        same = {name: getattr(row, name) for name in ("code", *NAMES)}
        days = {"may_confirm": said(row.may_confirm), "left_on": written(row.left_on)}
        further = {column: _points(row, kind) for column, kind in POINTS.items()}
        return {**same, "customer": row.customer.code, **days, **further}

    def check(self, row: Row, known: Known, actor: Actor) -> Iterator[Mistake]:
        if (code := merged_code(row, Contact)) is not None:
            sentence = gettext("This contact was merged into %(code)s. Change that one, or leave this row out.")
            yield "code", sentence % {"code": code}
            return
        left = day(row.values["left_on"])
        if "left_on" in row.changed and left is not None and left > local_day(now()):
            yield "left_on", gettext("This day lies ahead. Enter it once the person has left.")
        yield from _too_many(row)

    def create(self, values: Values, actor: Actor) -> Contact:
        return actions.create_contact(
            actor=actor,
            customer=Customer.objects.select_related("department").get(code=values["customer"]),
            code=values["code"],
            points=_told(values, ()),
            **_own(values),
        )

    def change(self, pk: int, version: int | None, row: Row, actor: Actor) -> Contact:
        contact = Contact.objects.get(pk=pk)
        changed = {name: value for name, value in _own(row.values).items() if name in row.changed}
        points = _told(row.values, list(contact.points.all())) if set(POINTS) & row.changed else None
        return actions.change_contact(contact, actor=actor, version=version, points=points, **changed)

    def take_back(self, pk: int, row: Values, actor: Actor) -> Contact:
        contact = Contact.objects.get(pk=pk)
        if contact.left_on is not None:
            return contact
        return actions.change_contact(contact, actor=actor, version=None, left_on=local_day(now()))


def _too_many(row: Row) -> Iterator[Mistake]:
    """As many as the contact's page takes, numbers and addresses together."""
    changed = [column for column in POINTS if column in row.changed]
    if changed and sum(len(lines(row.values[column])) for column in POINTS) > MOST_POINTS:
        fullest = max(changed, key=lambda column: len(lines(row.values[column])))
        yield fullest, gettext("Up to %(count)d numbers and addresses in all.") % {"count": MOST_POINTS}


def _own(values: Values) -> dict[str, Any]:
    """What stands on the contact itself."""
    same = {name: values[name] for name in NAMES}
    return {**same, "may_confirm": yes(values["may_confirm"]), "left_on": day(values["left_on"])}


def _points(row: Contact, kind: str) -> str:
    return "\n".join(point.value for point in sorted(row.points.all(), key=_by_key) if point.kind == kind)


def _by_key(point: ContactPoint) -> int:
    return point.pk


def _told(values: Values, standing: Sequence[ContactPoint]) -> list[Point]:
    """The further numbers and addresses; the note of one that stands already stays."""
    notes = {(point.kind, point.value): point.note for point in standing}
    told = [(kind, value) for column, kind in POINTS.items() for value in lines(values[column])]
    return [Point(kind, value, notes.get((kind, value), "")) for kind, value in told]
