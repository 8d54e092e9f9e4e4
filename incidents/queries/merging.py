"""The open records that go on with whoever stays when two entries are merged."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Contact, Customer
from incidents.models import OPEN_STATES, Declaration


def open_with_contact(contact: Contact) -> QuerySet[Declaration]:
    """The open records that name the contact, by `declaration_customer`; whoever may see them."""
    return Declaration.objects.filter(
        customer=contact.customer_id, contact=contact, state__in=sorted(OPEN_STATES)
    ).order_by("pk")


def open_of_customer(customer: Customer) -> QuerySet[Declaration]:
    """The open records of the customer, by `declaration_customer`; whoever may see them."""
    return Declaration.objects.filter(customer=customer, state__in=sorted(OPEN_STATES)).order_by("pk")
