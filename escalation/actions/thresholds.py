"""Warnings and reminders of the clocks that are due, all of a claim in one go (R-5.4.6-3, R-5.4.5-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from accounts.actors import SYSTEM
from accounts.models import Contact, User
from base.rows import NewRow, add_rows
from escalation.actions.batches import SweepBatch
from escalation.actions.forecasts import forecast_facts, forecast_notice, foretell
from escalation.actions.issued import IssuedWarnings
from escalation.due import Due, Outcome, due_of, is_late
from escalation.models import HeldWarning, Unanswered, Warning, WarningRecipient
from escalation.queries import (
    Told,
    owners_of,
    reminder_recipients,
    requesters_of,
    threshold_recipients,
)
from incidents.actions import watchers_of
from incidents.models import Declaration
from ledger.actions import Change, record_all
from notifications.actions import Notice, notify_all
from sla import actions as sla
from sla.models import Clock
from sla.queries import Reached, last_warning

CLAUSE = "5.4.6"


@dataclass
class Claim:
    """The clocks of one transaction, sorted into what is written for them; `escalation.due` decides what is."""

    batch: SweepBatch
    holds: dict[int, HeldWarning]
    requesters: dict[int, int | None] = field(default_factory=dict)
    changes: list[Change[Declaration]] = field(default_factory=list)
    issued: list[IssuedWarnings] = field(default_factory=list)
    reminders: list[Notice] = field(default_factory=list)
    unanswered: dict[int, tuple[NewRow, datetime]] = field(default_factory=dict)
    settled: dict[Outcome, list[int]] = field(default_factory=dict)
    held: list[HeldWarning] = field(default_factory=list)
    checked: list[tuple[Clock, Sequence[Reached]]] = field(default_factory=list)
    postponed: list[tuple[Clock, datetime]] = field(default_factory=list)

    def take(self, clock: Clock, declaration: Declaration) -> None:
        """Write down what becomes of the clock: warned of, reminded of, or held for the opening."""
        due = due_of(
            clock,
            self.batch.at,
            has_ended=declaration.has_ended,
            held=self.holds.get(clock.pk),
            quiet_until=partial(self.batch.quiet_until, declaration),
        )
        if due.outcome is not None:
            self._settle(clock, declaration, due.outcome)
        if due.held_until is not None:
            self.postponed.append((clock, due.held_until))
            if due.holds is not None:
                self._hold(clock, declaration, due.holds, due.held_until)
            return
        if due.forecast is not None:
            self._foretell(clock, declaration, *due.forecast)
        if due.warns:
            self._warn(clock, declaration, due)
        if due.reminds:
            self._remind(clock, declaration, due.reached)
        self.checked.append((clock, due.reached))

    def save(self) -> None:
        """Everything in as many statements as there are kinds of rows."""
        record_all(self.changes, signature=SYSTEM.signature(), meanwhile=self._notify)
        for outcome, keys in self.settled.items():
            HeldWarning.objects.filter(pk__in=keys).update(settled_at=self.batch.at, outcome=outcome)
        HeldWarning.objects.bulk_create(self.held)
        unanswered = [(key, warning.key, 0, due) for key, (warning, due) in self.unanswered.items()]
        add_rows(Unanswered, ("declaration_id", "warning_id", "rung", "next_check_at"), unanswered, known="renew")
        sla.mark_reached(self.checked, at=self.batch.at)
        sla.postpone(self.postponed)

    def _notify(self) -> None:
        notices = [notice for issued in self.issued for notice in issued.notices()]
        watching = watchers_of(issued.declaration for issued in self.issued)
        watched = [one.for_watchers(watching.get(one.declaration.pk, ())) for one in self.issued]
        notify_all([*notices, *self.reminders, *(notice for notice in watched if notice.recipients)])

    @property
    def count(self) -> int:
        """How many warnings and reminders are issued."""
        return sum(len(issued.warnings) for issued in self.issued) + len(self.reminders)

    def _warn(self, clock: Clock, declaration: Declaration, due: Due) -> None:
        change = self._change(declaration, f"warn_{clock.kind}")
        issued = IssuedWarnings(declaration, clock, due.reached, due.is_late)
        change.note(late=due.is_late)
        for threshold, reached_at in due.reached:
            recipients = self._recipients(declaration, clock, threshold)
            issued.warnings.append(self._warning(change, clock, threshold, reached_at, recipients))
            issued.told += recipients
        issued.write_to_customer(change, self.batch.at)
        self.issued.append(issued)
        self.unanswered[declaration.pk] = (issued.warnings[-1], self.batch.answer_due(declaration))

    def _warning(
        self, change: Change[Declaration], clock: Clock, threshold: int, reached_at: datetime, recipients: list[Told]
    ) -> NewRow:
        at = self.batch.at
        warning = change.add(
            Warning,
            declaration_id=change.record.pk,
            at=at,
            kind=Warning.Kind.BREACHED if threshold >= 100 else Warning.Kind.AT_RISK,
            clock_id=clock.pk,
            threshold=threshold,
            cycle=clock.cycle,
            reached_at=reached_at,
            recipients=[role for role, _person in recipients],
        )
        for role, person in recipients:
            person_column = "user_id" if isinstance(person, User) else "contact_id"
            change.add(WarningRecipient, warning_id=warning, role=role, **{person_column: person.pk})
        if any(isinstance(person, Contact) for _role, person in recipients):
            change.set(customer_warned_at=at)
        return warning

    def _foretell(self, clock: Clock, declaration: Declaration, percent: int, since: datetime) -> None:
        people = self._recipients(declaration, clock, 0)
        recipients = [(role, person) for role, person in people if isinstance(person, User)]
        change = self._change(declaration, "warn_trend")
        foretell(change, clock, since=since, at=self.batch.at, recipients=recipients)
        change.note(**forecast_facts(percent, self.batch.outlook(declaration, percent)))
        self.reminders.append(forecast_notice(declaration, clock, percent, recipients))

    def _remind(self, clock: Clock, declaration: Declaration, reached: Sequence[Reached]) -> None:
        """An internal clock (relay, hand-over, decision, countersignature) reminds whoever has to move it."""
        for threshold, reached_at in reached:
            change = self._change(declaration, f"warn_{clock.kind}")
            change.note(clock=clock.kind, threshold=threshold, reached_at=reached_at)
            late = {"reached_at": reached_at} if is_late(self.batch.at, reached_at) else {}
            head = self.batch.head(declaration.department)
            if threshold >= 100 and self._has_nobody_to_decide(clock, declaration, head):
                change.set(escalation_climbed=True)
            self.reminders.append(
                Notice(
                    f"overdue.{clock.kind}.{threshold}",
                    stream=declaration.stream,
                    number=declaration.number,
                    recipients=reminder_recipients(
                        declaration, clock, threshold, head=head, holders=self.batch.holders
                    ),
                    data={"level": declaration.priority, "due_at": clock.due_at, **late},
                    threshold=threshold,
                    cycle=clock.pk,
                )
            )

    def _has_nobody_to_decide(self, clock: Clock, declaration: Declaration, head: User | None) -> bool:
        """By now the requester heads the department, or nobody does: the level above decides (A-10, R-5.4.5-5)."""
        if clock.kind != "decision" or declaration.escalation_climbed:
            return False
        return head is None or head.pk == self.requesters.get(clock.pk)

    def _hold(self, clock: Clock, declaration: Declaration, first: Reached, opening: datetime) -> None:
        """Keep the messages for the opening: the sweep looks again then, and tells what is still true."""
        threshold, reached_at = first
        change = self._change(declaration, "hold_warning")
        change.note(clock=clock.kind, threshold=threshold, reached_at=reached_at, held_until=opening)
        self.held.append(
            HeldWarning(
                declaration=declaration,
                clock=clock,
                threshold=threshold,
                cycle=clock.cycle,
                reached_at=reached_at,
                held_until=opening,
            )
        )

    def _settle(self, clock: Clock, declaration: Declaration, outcome: Outcome) -> None:
        standing = self.holds.pop(clock.pk)
        self.settled.setdefault(outcome, []).append(standing.pk)
        if outcome != Outcome.SENT:
            self.changes.append(cancelled(standing, declaration, outcome))

    def _recipients(self, declaration: Declaration, clock: Clock, threshold: int) -> list[Told]:
        return threshold_recipients(
            declaration,
            clock,
            threshold,
            head=self.batch.head(declaration.department),
            customer_from=self._customer_from(declaration, clock),
        )

    def _customer_from(self, declaration: Declaration, clock: Clock) -> int:
        """The procedure's share, or the last one of a clock whose contract has shares of its own."""
        usual = int(self.batch.parameter(declaration, "customer_warning_percent"))
        return usual if usual in clock.thresholds else last_warning(clock)

    def _change(self, declaration: Declaration, action: str) -> Change[Declaration]:
        change = Change(declaration, action, CLAUSE)
        self.changes.append(change)
        return change


def check_clocks(clocks: Sequence[Clock], at: datetime) -> tuple[int, int]:
    """Give what is due for claimed clocks; how many warnings and reminders, and how many clocks were dealt with.

    Safe when several workers do it at once: each holds the clocks that it claimed and their declarations, and the
    unique constraint of the warning stands behind. A warning changes no version, so no open form becomes stale. A
    clock whose declaration is in somebody's hands stays due. Raises `LookupError` for a clock that nobody owns.
    """
    owners = owners_of(clocks)
    if orphans := [clock.pk for clock in clocks if clock.pk not in owners]:
        raise LookupError(f"no declaration owns the clocks {orphans}")
    standing = HeldWarning.objects.filter(clock__in=list(owners), settled_at=None)
    holds = {held.clock_id: held for held in standing}
    claim = Claim(SweepBatch(at), holds=holds, requesters=requesters_of(clocks))
    declarations = claim.batch.lock(owners.values())
    for clock in clocks:
        declaration = declarations.get(owners[clock.pk])
        if declaration is not None:
            claim.take(clock, declaration)
    claim.save()
    return claim.count, len(claim.checked) + len(claim.postponed)


def cancelled(held: HeldWarning, declaration: Declaration, outcome: Outcome) -> Change[Declaration]:
    """The entry that says why a held message was not sent."""
    change = Change(declaration, "cancel_held_warning", CLAUSE)
    change.note(threshold=held.threshold, reached_at=held.reached_at, held_until=held.held_until, reason=outcome)
    return change
