"""Contracts as they are agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from accounts.acting import Actor
from accounts.models import Customer
from ledger.actions import create
from sla.models import Calendar, Closure, Contract, ContractTarget
from sla.targets import Target

CLAUSE = "5.4.3"


def create_contract(
    customer: Customer,
    *,
    actor: Actor,
    number: str,
    name: str,
    starts_on: date,
    ends_on: date,
    service_scope: Sequence[str] = (),
    process_notes: Sequence[str] = (),
    pause_allowed: bool = False,
    closure: str = Closure.CONTACT,
    response: Target | None = None,
    targets: Mapping[int, Target] | None = None,
    calendar: Calendar | None = None,
) -> Contract:
    """Enter a contract with the times agreed, those for resolution by level; what is missing, the procedure sets."""
    contract = Contract(
        customer=customer,
        number=number,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        service_scope=list(service_scope),
        process_notes=list(process_notes),
        pause_allowed=pause_allowed,
        closure=closure,
        response_target=response.as_data() if response else None,
        calendar=calendar,
    )
    with create(contract, signature=actor.signature(), action="create_contract", clause=CLAUSE) as begun:
        for level, target in sorted((targets or {}).items()):
            begun.add(ContractTarget(contract=contract, level=level, target=target.as_data()))
    return contract
