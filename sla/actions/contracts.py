"""Contracts as they are agreed. Clocks that run keep the terms that they were started with (A-27)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from accounts.actions import refuse_merged
from accounts.actors import Actor
from accounts.models import Customer
from base.clock import now
from ledger.actions import RecordChange, again_if_raced, attempt, create, step
from ledger.exceptions import Invalid, Sentence
from search.actions import index
from sla import access
from sla.models import Calendar, Closure, Contract, ContractTarget
from sla.queries.contracts import overlapping, terms_of
from sla.targets import Target

CLAUSE = "5.4.3"
WARNINGS = 2
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Terms:
    """What is agreed: `targets` by level, `response_by_channel` before `response`; what is missing, the procedure sets.

    `warnings` are the two shares in percent at which is warned before the due time, or nothing.
    """

    number: str
    name: str
    starts_on: date
    ends_on: date
    service_scope: Sequence[str] = ()
    process_notes: Sequence[str] = ()
    pause_allowed: bool = False
    closure: str = Closure.CONTACT
    response: Target | None = None
    response_by_channel: Mapping[str, Target] = field(default_factory=dict)
    targets: Mapping[int, Target] = field(default_factory=dict)
    warnings: Sequence[int] = ()
    calendar: Calendar | None = None

    def columns(self) -> dict[str, object]:
        """The terms as the contract keeps them on its own row."""
        return {
            "number": self.number,
            "name": self.name,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "service_scope": list(self.service_scope),
            "process_notes": list(self.process_notes),
            "pause_allowed": self.pause_allowed,
            "closure": self.closure,
            "response_target": self.response.as_data() if self.response else None,
            "response_by_channel": {key: target.as_data() for key, target in self.response_by_channel.items()},
            "warnings": list(self.warnings),
            "calendar_id": self.calendar.pk if self.calendar else None,
        }


@again_if_raced
def create_contract(customer: Customer, terms: Terms, *, actor: Actor, overlap_accepted: bool = False) -> Contract:
    """Enter a contract. Raises `Invalid` where terms cannot be, or overlap another's that was not agreed to."""
    with attempt(actor.signature(), action="create_contract", stream="contract:new", clause=CLAUSE) as tried:
        tried.signature = actor.signature(access.require_keep_contract(actor, customer))
        refuse_merged(customer, clause=CLAUSE)
        contract = Contract(customer=customer, **terms.columns())
        _check(contract, overlap_accepted)
        with create(contract, signature=tried.signature, action="create_contract", clause=CLAUSE) as begun:
            for level, target in sorted(terms.targets.items()):
                begun.add(ContractTarget(contract=contract, level=level, target=target.as_data()))
            make_findable(contract)
    return contract


@again_if_raced
def change_contract(
    contract_id: int, terms: Terms, *, actor: Actor, version: int | None, overlap_accepted: bool = False
) -> Contract:
    """Change a contract from now on. Saving what stands there already changes nothing.

    Raises `Invalid` as `create_contract` does.
    """
    with attempt(actor.signature(), action="change_contract", stream=f"contract:{contract_id}", clause=CLAUSE):
        standing = Contract.objects.select_related("customer").get(pk=contract_id)
        held = access.require_keep_contract(actor, standing.customer)
        targets = {level: target.as_data() for level, target in terms.targets.items()}
        if version in (None, standing.version) and terms_of(standing) == (terms.columns(), targets):
            return standing
        with step(
            Contract,
            contract_id,
            version=version,
            signature=actor.signature(held),
            action="change_contract",
            clause=CLAUSE,
        ) as taken:
            for name, value in terms.columns().items():
                setattr(taken.record, name, value)
            _check(taken.record, overlap_accepted)
            _retarget(taken, terms.targets)
            make_findable(taken.record)
    return taken.record


def hand_on_contract(contract_id: int, *, actor: Actor, to: Customer) -> Contract:
    """Let the contract hold for another customer, into which its own is merged; its terms stay.

    Whoever merges has looked whether a contract of that customer is in its way: overlaps that were meant stay meant.
    """
    with step(
        Contract, contract_id, version=None, signature=actor.signature(), action="hand_on_contract", clause=CLAUSE
    ) as taken:
        access.require_keep_contract(actor, taken.record.customer)
        taken.signature = actor.signature(access.require_keep_contract(actor, to))
        taken.note(before=taken.record.customer.stream)
        taken.record.customer = to
        make_findable(taken.record)
    return taken.record


def make_findable(contract: Contract) -> None:
    """Let the contract be found by number and name."""
    index(Contract.stream_kind, contract.pk, title=contract.name, text=contract.number, at=now())


def _retarget(taken: RecordChange[Contract], targets: Mapping[int, Target]) -> None:
    """Bring the targets by level to what is agreed now."""
    standing = {row.level: row for row in taken.record.targets.all()}
    for level, target in sorted(targets.items()):
        if level in standing:
            taken.track(standing[level]).target = target.as_data()
        else:
            taken.add(ContractTarget(contract=taken.record, level=level, target=target.as_data()))
    dropped = [row for level, row in standing.items() if level not in targets]
    if dropped:
        taken.note(dropped={str(row.level): row.target for row in dropped})
        taken.remove(*dropped)


def _check(contract: Contract, overlap_accepted: bool) -> None:
    problems: dict[str, Sentence | None] = {
        "starts_on": _impossible_day(contract.starts_on),
        "ends_on": _impossible_day(contract.ends_on)
        or (_("The end lies before the start.") if contract.ends_on < contract.starts_on else None),
        "number": _("Another contract has this number.") if _is_taken(contract) else None,
        "second_warning": None if _can_warn(contract.warnings) else _("Give two rising shares from 1 to 99, or none."),
    }
    errors = {name: [sentence] for name, sentence in problems.items() if sentence}
    if not errors and not overlap_accepted and (others := overlapping(contract)):
        errors["overlap_accepted"] = [_overlap(contract, other) for other in others]
    if errors:
        raise Invalid(errors=errors)


def _impossible_day(day: date) -> str | None:
    """The day after a contract's end must be a day as well."""
    return None if EARLIEST <= day <= LATEST else _("Choose a day from 2000 to 2199.")


def _is_taken(contract: Contract) -> bool:
    return Contract.objects.filter(number=contract.number).exclude(pk=contract.pk).exists()


def _can_warn(shares: Sequence[int]) -> bool:
    return not shares or (len(shares) == WARNINGS and 0 < shares[0] < shares[1] < 100)


def _overlap(contract: Contract, other: Contract) -> str:
    """Which of both holds in the days that they share: the one that begins later."""
    first, last = max(contract.starts_on, other.starts_on), min(contract.ends_on, other.ends_on)
    later = max(contract, other, key=lambda each: (each.starts_on, each.pk or 0))
    return _(
        "It overlaps %(other)s from %(first)s to %(last)s; in those days %(later)s holds, which begins later. "
        "Change the dates, or tick that both are meant."
    ) % {"other": other.number, "first": first, "last": last, "later": later.number}
