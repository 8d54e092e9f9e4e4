"""Which contract holds, and whose target wins."""

from __future__ import annotations

from datetime import date

from accounts.models import Customer
from sla.models import Contract, Source
from sla.targets import Target


def contract_for(customer: Customer, on: date) -> Contract | None:
    """The customer's contract in force on that day, the latest begun of several; by `contract_of_customer`."""
    in_force = Contract.objects.in_force(on).filter(customer=customer)
    return in_force.select_related("calendar").order_by("-starts_on", "-pk").first()


def resolution_target(contract: Contract | None, level: int, matrix_target: Target) -> tuple[Target, Source]:
    """The contract's target for the level, shorter or longer; without one the matrix's (A-27). One row."""
    agreed = contract and contract.targets.filter(level=level).first()
    if agreed:
        return Target.from_data(agreed.target), Source.CONTRACT
    return matrix_target, Source.MATRIX


def response_target(contract: Contract | None, channel_target: Target) -> tuple[Target, Source]:
    """The contract's response target for any type of declaration; without one the channel's (A-07). No query."""
    if contract and contract.response_target:
        return Target.from_data(contract.response_target), Source.CONTRACT
    return channel_target, Source.CHANNEL
