"""Customers."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.actions.checks import assign, checked, refuse_merged
from accounts.actions.contacts import make_contact_findable
from accounts.actions.departments import refuse_ended
from accounts.actors import Actor
from accounts.models import Customer, Department
from base.clock import now
from base.text import fold
from ledger.actions import again_if_raced, attempt, create, step
from ledger.exceptions import Invalid
from search.actions import index

CUSTOMER_FIELDS = frozenset({"name", "industry", "department", "in_service_scope"})


@again_if_raced
def create_customer(*, actor: Actor, code: str, name: str, department: Department, **values: object) -> Customer:
    """Add a customer of a department; its contract is made in `sla`, its desk by `grant_role`.

    The code is kept without full-width signs, and no two are alike when folded (`base.text.fold`).
    """
    with attempt(actor.signature(), action="create_customer", stream="customer:new", clause="5.4.2") as tried:
        tried.signature = actor.signature(access.require_keep_customer(actor, department))
        customer = Customer(code=_plain(code), name=name.strip(), department=department)
        _refuse_taken(customer.code)
        assign(customer, values, CUSTOMER_FIELDS)
        refuse_ended(department)
        checked(customer)
        with create(customer, signature=tried.signature, action="create_customer", clause="5.4.2"):
            make_findable(customer)
            return customer


@again_if_raced
def change_customer(customer: Customer, *, actor: Actor, version: int | None, **values: object) -> Customer:
    """Change name, industry, department or scope; moving it to another department needs the right in both."""
    with step(
        Customer,
        customer.pk,
        version=version,
        signature=actor.signature(),
        action="change_customer",
        clause="5.4.2",
    ) as taken:
        access.require_keep_customer(actor, taken.record.department)
        refuse_merged(taken.record)
        before = taken.record.department_id
        assign(taken.record, values, CUSTOMER_FIELDS)
        if taken.record.department_id != before or values.get("in_service_scope"):
            refuse_ended(taken.record.department)
        taken.signature = actor.signature(access.require_keep_customer(actor, taken.record.department))
        checked(taken.record)
        make_findable(taken.record)
    return taken.record


def make_findable(customer: Customer) -> None:
    """Let the customer be found by code and name, and the contacts by their own name and the customer's."""
    index(Customer.stream_kind, customer.pk, title=customer.name, text=customer.code, at=now())
    for contact in customer.contacts.all():
        make_contact_findable(contact)


def _plain(code: str) -> str:
    return unicodedata.normalize("NFKC", code).strip()


def _refuse_taken(code: str) -> None:
    """Codes are short and read aloud: c01 and Ｃ０１ are the same."""
    wanted = fold(code)
    alike = next((each for each in Customer.objects.values_list("code", "name") if fold(each[0]) == wanted), None)
    if alike is not None:
        raise Invalid({"code": [_("%(customer)s has this code. Choose another.") % {"customer": alike[1]}]})
