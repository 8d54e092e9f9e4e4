"""Which open clocks would be due at another time, if calendars and contracts as they stand now held for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.actors import Actor, local_day
from accounts.models import Role
from escalation.models import EscalationRequest, Recount
from incidents.models import OPEN_STATES, Declaration, Handover
from procedure.queries import rules
from sla.models import Calendar, Clock, Contract, Source
from sla.queries import ClockMove, default_calendar, moved, response_target
from sla.targets import Target

# So many records are looked at for a page; whoever has more goes on from where it ended.
SCANNED = 500
OPEN = sorted(OPEN_STATES)
SHOWN = (
    *("number", "subject", "state", "department", "customer", "contract", "channel", "received_at", "restricted"),
    *("priority", "procedure_version", "handler", "desk", "response_clock", "resolution_clock", "relay_clock"),
)


@dataclass(frozen=True)
class Moving:
    """One open clock of a declaration that would move."""

    declaration: Declaration
    move: ClockMove


@dataclass(frozen=True)
class MovingPage:
    """Up to so many moves, and behind which declaration the next page begins (None at the end)."""

    rows: list[Moving]
    looked_at: int
    after: int | None


def headed(actor: Actor, *, contract: int | None = None, after: int = 0) -> QuerySet[Declaration]:
    """The open declarations of the departments that `actor` heads, in order, from behind the key `after`."""
    found = Declaration.objects.filter(
        department__in=actor.departments(Role.DEPARTMENT_HEAD), state__in=OPEN, pk__gt=after
    )
    if contract is not None:
        found = found.filter(Q(contract=contract) | Q(contract=None, customer__contracts=contract))
    return found.only(*SHOWN).order_by("pk")


def moving(actor: Actor, *, contract: int | None = None, after: int = 0, limit: int = 50) -> MovingPage:
    """One page of what would move; eight statements, however many records there are.

    Looks at `SCANNED` records at most, and ends with a whole one.
    """
    scanned = list(
        headed(actor, contract=contract, after=after).select_related("customer", "handler", "desk")[:SCANNED]
    )
    rows: list[Moving] = []
    for count, (declaration, moves) in enumerate(moves_of(scanned), start=1):
        rows += [Moving(declaration, move) for move in moves]
        if len(rows) >= limit:
            return MovingPage(rows, count, declaration.pk)
    return MovingPage(rows, len(scanned), scanned[-1].pk if len(scanned) == SCANNED else None)


def moves_of(declarations: Sequence[Declaration]) -> list[tuple[Declaration, list[ClockMove]]]:
    """Each declaration with the open clocks of it that would move; seven statements for all of them together."""
    clocks = _open_clocks(declarations)
    terms = _Terms(declarations)
    return [
        (declaration, [move for clock in clocks.get(declaration.pk, ()) if (move := terms.move(declaration, clock))])
        for declaration in declarations
    ]


def _open_clocks(declarations: Sequence[Declaration]) -> dict[int, list[Clock]]:
    """The running and paused clocks of each declaration, also those of its hand-over and of its escalation."""
    keys = [declaration.pk for declaration in declarations]
    owners = {
        clock: declaration.pk
        for declaration in declarations
        for clock in (declaration.response_clock_id, declaration.resolution_clock_id, declaration.relay_clock_id)
        if clock
    }
    owners.update(
        Handover.objects.filter(declaration__in=keys, clock__isnull=False).values_list("clock", "declaration")
    )
    for kind in ("decision_clock", "countersign_clock"):
        requests = EscalationRequest.objects.filter(**{"declaration__in": keys, f"{kind}__isnull": False})
        owners.update(requests.values_list(kind, "declaration"))
    found: dict[int, list[Clock]] = {}
    for clock in Clock.objects.filter(pk__in=owners, stopped_at=None, cancelled_at=None).order_by("pk"):
        found.setdefault(owners[clock.pk], []).append(clock)
    return found


class _Terms:
    """What calendars and contracts say now, for some declarations."""

    def __init__(self, declarations: Iterable[Declaration]) -> None:
        customers = {declaration.customer_id for declaration in declarations if declaration.customer_id}
        contracts = Contract.objects.filter(customer__in=customers).order_by("starts_on", "pk")
        self._contracts = {each.pk: each for each in contracts.select_related("calendar").prefetch_related("targets")}
        self._default = default_calendar()

    def move(self, declaration: Declaration, clock: Clock) -> ClockMove | None:
        """The clock under what holds now, if that moves it (A-03, A-07, A-27)."""
        if clock.kind == "response":
            return self._response(declaration, clock)
        contract = self._contracts.get(declaration.contract_id or 0)
        if clock.kind == "resolution" and declaration.priority is not None:
            target, source = self._resolution(declaration, contract, declaration.priority)
            return moved(clock, target, source, self._calendar(contract))
        return moved(clock, clock.agreed, clock.source, self._calendar(contract))

    def _response(self, declaration: Declaration, clock: Clock) -> ClockMove | None:
        contract = self._contracts.get(declaration.contract_id or 0) or self._in_force(declaration)
        usual = Target.from_data(rules(declaration.procedure_version_id).response_target(declaration.channel))
        target, source = response_target(contract, declaration.channel, usual)
        return moved(clock, target, source, self._calendar(contract))

    def _resolution(self, declaration: Declaration, contract: Contract | None, level: int) -> tuple[Target, Source]:
        agreed = next((row for row in contract.targets.all() if row.level == level), None) if contract else None
        if agreed is not None:
            return Target.from_data(agreed.target), Source.CONTRACT
        return Target.from_data(rules(declaration.procedure_version_id).target(level)), Source.MATRIX

    def _in_force(self, declaration: Declaration) -> Contract | None:
        """The customer's contract on the day of receipt, the latest begun of several."""
        day = local_day(declaration.received_at)
        own = [each for each in self._contracts.values() if each.customer_id == declaration.customer_id]
        return next((each for each in reversed(own) if each.in_force(day)), None)

    def _calendar(self, contract: Contract | None) -> Calendar:
        return (contract and contract.calendar) or self._default


def unfinished_recount(actor: Actor) -> Recount | None:
    """The run that `actor` began and that has not come to its end; one row by `recount_unfinished`."""
    return Recount.objects.filter(by=actor.user, finished_at=None).order_by("pk").first()


def recount(actor: Actor, key: int) -> Recount | None:
    """A run that `actor` began."""
    return Recount.objects.filter(by=actor.user, pk=key).first()
