"""Which contract holds, whose target wins, and where contracts end without a successor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BigIntegerField, DateField, Exists, OuterRef, Q, QuerySet

from accounts.models import Customer
from base.compiled import CompiledRecords, Parameter
from base.paging import Order, Page, page
from search.queries import matching
from sla.models import Clock, Contract, Source
from sla.targets import Target, TargetData

DAY = timedelta(days=1)
LARGEST_KEY = 2**31


def contract_for(customer: Customer, on: date) -> Contract | None:
    """The customer's contract in force on that day, the latest begun of several; by `contract_of_customer`."""
    return _IN_FORCE.first(on=on, customer=customer.pk)


def _in_force() -> QuerySet[Contract]:
    day, customer = Parameter("on", DateField()), Parameter("customer", BigIntegerField())
    found = Contract.objects.filter(starts_on__lte=day, ends_on__gte=day, customer=customer)
    return found.select_related("calendar").order_by("-starts_on", "-pk")[:1]


_IN_FORCE = CompiledRecords(_in_force)


def resolution_target(contract: Contract | None, level: int, matrix_target: Target) -> tuple[Target, Source]:
    """The contract's target for the level, shorter or longer; without one the matrix's (A-27). One row."""
    agreed = contract and contract.targets.filter(level=level).first()
    if agreed:
        return Target.from_data(agreed.target), Source.CONTRACT
    return matrix_target, Source.MATRIX


def response_target(contract: Contract | None, channel: str, channel_target: Target) -> tuple[Target, Source]:
    """The contract's response target for any type of declaration, that of the channel first; without one the
    procedure's for the channel (A-07). No query."""
    if contract is None:
        return channel_target, Source.CHANNEL
    agreed = contract.response_by_channel.get(channel) or contract.response_target
    return (Target.from_data(agreed), Source.CONTRACT) if agreed else (channel_target, Source.CHANNEL)


def warning_thresholds(contract: Contract | None, usual: Sequence[int]) -> list[int]:
    """The shares of a resolution time at which is warned: the contract's in place of the usual ones. No query."""
    return [*contract.warnings, 100] if contract and contract.warnings else list(usual)


def last_warning(clock: Clock) -> int:
    """The last share before the due time at which is warned, when the customer is told at the latest (A-30)."""
    return max((percent for percent in clock.thresholds if percent < 100), default=100)


def contract(readable: QuerySet[Contract], key: int) -> Contract | None:
    """The contract with that key among the readable ones, with customer, department and calendar; one row."""
    if key >= LARGEST_KEY:
        return None
    return readable.select_related("customer__department", "calendar").filter(pk=key).first()


def contract_page(readable: QuerySet[Contract], text: str, cursor: str = "") -> Page[tuple[Contract, bool]]:
    """One page of contracts by number, each with whether another goes on from its end; one statement.

    `text` narrows to numbers, names and customers that hold it, by the search index.
    """
    found = readable.select_related("customer")
    if text:
        keys, customers = matching(Contract.stream_kind, text), matching(Customer.stream_kind, text)
        holds = Q(pk__in=keys) | Q(customer__in=customers) if keys and customers else Q(pk__in=[])
        found = found.filter(holds)
    rows = found.annotate(followed=Exists(_follower()))
    return page(rows, Order("number"), cursor).showing(lambda row: (row, getattr(row, "followed", False)))


def is_followed(contract: Contract, all_of: Sequence[Contract]) -> bool:
    """Whether another of the customer's contracts goes on from the day after its end at the latest; no query."""
    return any(each.starts_on <= contract.ends_on + DAY and each.ends_on > contract.ends_on for each in all_of)


def contracts_of(customer: Customer) -> list[Contract]:
    """The customer's contracts in the order of their beginning; one statement by `contract_of_customer`."""
    return list(customer.contracts.order_by("starts_on", "pk"))


def agreed_targets(contract: Contract) -> dict[int, TargetData]:
    """The resolution times by level; one statement."""
    return dict(contract.targets.values_list("level", "target"))


def terms_of(contract: Contract) -> tuple[dict[str, object], dict[int, TargetData]]:
    """The terms as they stand, to see whether a change changes anything; one statement."""
    names = ("number", "name", "starts_on", "ends_on", "service_scope", "process_notes", "pause_allowed", "closure")
    more = ("response_target", "response_by_channel", "warnings", "calendar_id")
    return {name: getattr(contract, name) for name in (*names, *more)}, agreed_targets(contract)


def overlapping(contract: Contract) -> list[Contract]:
    """Other contracts of the customer that share a day with it; one statement by `contract_of_customer`."""
    others = Contract.objects.filter(customer=contract.customer_id).exclude(pk=contract.pk)
    return list(others.filter(starts_on__lte=contract.ends_on, ends_on__gte=contract.starts_on).order_by("starts_on"))


@dataclass(frozen=True)
class Gap:
    """Days without a contract, both ends included; `until` is None when none follows."""

    since: date
    until: date | None

    @property
    def days(self) -> int | None:
        return (self.until - self.since).days + 1 if self.until else None


def gaps(contracts: Sequence[Contract]) -> list[Gap]:
    """Where a customer stands without a contract after the first one, in order; no query."""
    found, covered = [], None
    for each in sorted(contracts, key=lambda one: one.starts_on):
        if covered is not None and each.starts_on > covered + DAY:
            found.append(Gap(covered + DAY, each.starts_on - DAY))
        covered = max(covered, each.ends_on) if covered else each.ends_on
    return [*found, Gap(covered + DAY, None)] if covered else []


def _follower() -> QuerySet[Contract]:
    """Whatever contract of the customer goes on from the day after the outer one's end at the latest."""
    later = Contract.objects.filter(customer=OuterRef("customer"), ends_on__gt=OuterRef("ends_on"))
    return later.filter(starts_on__lte=OuterRef("ends_on") + DAY)


def ending(on: date, within: int, since: int) -> QuerySet[Contract]:
    """Contracts without a successor whose last day lies at most `within` days ahead or `since` days back.

    One statement over the contracts that end in that time.
    """
    found = Contract.objects.filter(ends_on__gte=on - since * DAY, ends_on__lte=on + within * DAY)
    chosen = found.filter(~Exists(_follower()), customer__in_service_scope=True)
    return chosen.select_related("customer__department").order_by("ends_on", "pk")
