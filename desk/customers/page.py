"""All that stands on the page of one customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts import access as accounts
from accounts.actors import Actor, local_day
from accounts.models import Contact, Customer, User
from accounts.queries import duty_desk
from base.clock import now
from desk.customers.promises import Promises, promises_of
from desk.customers.queries import desks_today, merged_into, people_of
from desk.records.lines import RecordRow, line
from escalation.queries.shown_clocks import shown_clocks
from incidents.models import Declaration, Type
from incidents.queries.customers import customers_in_sight, latest_of, open_of, received_by_type
from reports.access import may_read as may_read_figures
from reports.figures import Sums, summed
from reports.lines import LEVELS, NONE
from reports.periods import Month, Period
from reports.queries.counting import Asked
from reports.queries.sla import cells
from sla import access as sla
from sla.contract_line import line_of, notice_days, standing_of
from sla.models import Contract
from sla.queries import contracts_of, is_followed

SHOWN = 10
MONTHS = 12


@dataclass(frozen=True)
class Figures:
    """The last twelve months: received by type, and solved within time by level and as a whole."""

    period: Period
    types: Sequence[tuple[str, int]]
    levels: Sequence[tuple[str, Sums]]
    total: Sums


@dataclass(frozen=True)
class CustomerPage:
    """One customer as `actor` may see it; of records and figures only what their own pages would show."""

    customer: Customer
    desk: User | None
    duty: User | None
    contacts: Sequence[Contact]
    merged: Sequence[Customer]
    mark: tuple[str, str, str] | None
    line: Sequence[dict[str, Any]]
    promises: Promises
    open: Sequence[RecordRow]
    latest: Sequence[RecordRow]
    figures: Figures | None
    in_sight: bool
    rights: dict[str, bool] = field(default_factory=dict)


def page_of(actor: Actor, customer: Customer) -> CustomerPage:
    """Fourteen statements beside the one that found the customer, whatever there is of it."""
    at = now()
    contracts = contracts_of(customer)
    opened, latest = open_of(actor, customer, SHOWN), latest_of(actor, customer, SHOWN)
    shown = _lines(opened, latest, at)
    return CustomerPage(
        customer=customer,
        desk=desks_today([customer]).get(customer.pk),
        duty=duty_desk(customer.department),
        contacts=people_of(customer),
        merged=merged_into(customer),
        mark=_mark(contracts, at),
        line=line_of(contracts, local_day(at)),
        promises=promises_of(actor, customer, at),
        open=[shown[each.pk] for each in opened],
        latest=[shown[each.pk] for each in latest],
        figures=_figures(actor, customer, at) if may_read_figures(actor) else None,
        in_sight=customers_in_sight(actor).filter(pk=customer.pk).exists(),
        rights=_rights(actor, customer),
    )


def _rights(actor: Actor, customer: Customer) -> dict[str, bool]:
    """What is the reader's to change; of a customer that was merged nothing."""
    if customer.merged_into_id is not None:
        return {}
    return {
        "change": accounts.may_keep_customer(actor, customer),
        "contract": sla.may_keep_contract(actor, customer),
        "contacts": accounts.may_keep_contacts(actor, customer),
    }


def _lines(opened: Sequence[Declaration], latest: Sequence[Declaration], at: datetime) -> dict[int, RecordRow]:
    rows = {each.pk: each for each in (*opened, *latest)}
    clocks = shown_clocks(rows.values(), at)
    return {pk: line(row, clocks.get(pk)) for pk, row in rows.items()}


def _mark(contracts: Sequence[Contract], at: datetime) -> tuple[str, str, str] | None:
    """How the contract of today stands, else the last one that has ended, else the next."""
    today = local_day(at)
    begun = [each for each in contracts if each.starts_on <= today]
    chosen = next((each for each in reversed(begun) if each.in_force(today)), None)
    if chosen is None and contracts:
        chosen = max(begun, key=lambda each: each.ends_on) if begun else contracts[0]
    return standing_of(chosen, today, notice_days(today), is_followed(chosen, contracts)) if chosen else None


def _figures(actor: Actor, customer: Customer, at: datetime) -> Figures:
    month = Month.of(at)
    period = Period(month.later(1 - MONTHS), month)
    found = cells(actor, Asked(period, customer=customer.pk), at)
    by_level = summed(found, lambda cell: cell.level)
    levels = [
        (str(LEVELS[str(level) if level else NONE]), by_level[level])
        for level in (1, 2, 3, 4, None)
        if level in by_level
    ]
    received = received_by_type(actor, customer, period.start)
    types = [(str(Type(value).label), count) for value, count in received if count]
    return Figures(period, types, levels, sum((cell.sums for cell in found), Sums()))
