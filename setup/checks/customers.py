"""Customers, whom nothing reaches without a desk, a contract and contacts."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import Role
from setup.checks.findings import Finding, at
from setup.standing import CustomerStanding, Standing


def customer_findings(standing: Standing) -> Iterator[Finding]:
    """Customers without a desk, a contact, or one who may confirm."""
    if not standing.customer_count:
        yield Finding(
            _("There is no customer yet"), _("Only calls of unknown callers can be logged."), at("customer-new")
        )
    for customer in standing.customers:
        yield from _of_one(customer, standing)


def _of_one(customer: CustomerStanding, standing: Standing) -> Iterator[Finding]:
    name, address = {"customer": customer.name}, at("customer", customer.key)
    if not customer.has_desk:
        on_duty = (Role.DUTY_DESK, customer.department) in standing.held
        sentence, follows = _("%(customer)s has no service desk") % name, _follows_without_desk(on_duty)
        yield Finding(sentence, follows, address, grave=not on_duty)
    if not customer.has_contact:
        yield Finding(
            _("%(customer)s has no contact") % name,
            _("Their callers are not recognised, and nobody can confirm that an incident is solved."),
            address,
        )
    elif not customer.has_confirming_contact:
        yield Finding(
            _("%(customer)s has no contact who may confirm") % name,
            _("Their incidents cannot be closed by a confirmation (5.4.7)."),
            address,
        )


def _follows_without_desk(on_duty: bool) -> str:
    if on_duty:
        return _("The duty desk of the department takes their calls.")
    return _("Nobody accepts their calls, and the department has no duty desk.")


def contract_findings(standing: Standing) -> Iterator[Finding]:
    """Customers without a contract in force, and contracts that end without another."""
    if not standing.customer_count:
        yield Finding(_("There is no contract yet"), _("Enter the customer first, then its contract."), at("contracts"))
    for customer in standing.customers:
        if not customer.has_contract:
            yield Finding(
                _("%(customer)s has no contract in force") % {"customer": customer.name},
                _("What they declare lies outside of the service scope and is handed to sales (5.4.2)."),
                at("contract-new") + f"?customer={customer.key}",
            )
    for contract in standing.ending:
        values = {"number": contract.number, "customer": contract.customer.name, "day": contract.ends_on}
        yield Finding(
            _("%(number)s of %(customer)s ends on %(day)s, and no contract follows") % values,
            _("From the next day on their incidents lie outside of the service scope."),
            at("contract", contract.pk),
            grave=False,
        )
