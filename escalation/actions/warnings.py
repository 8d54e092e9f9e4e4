"""Warnings: by the handler on a trend, and by the sweep at the thresholds of every clock (clause 5.4.6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import SYSTEM, Actor
from accounts.models import Contact, Role, User
from accounts.queries import head_of, holders
from config.clock import now
from escalation.models import Warning, WarningRecipient
from escalation.queries import crossed_thresholds, opening_after_quiet_hours
from incidents.actions.steps import require, working
from incidents.models import Declaration
from ledger.actions import Step, step
from notifications.actions import Channel, notify
from sla import actions as sla
from sla.models import Clock

Recipient = tuple[str, User | Contact]
CUSTOMER_CLOCKS = ("response", "resolution")


def warn(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    kind: str,
    reason: str,
    expected_at: datetime | None = None,
    staff: Iterable[User] = (),
    contacts: Iterable[Contact] = (),
) -> Declaration:
    """Warn head and customer by hand, with the new expected time, before or at a miss (R-5.4.6-4)."""
    with working(declaration_id, "warn", version=version, actor=actor) as opened:
        told: list[Recipient] = [*(("staff", each) for each in staff), *(("contact", each) for each in contacts)]
        require(
            kind=None if kind in Warning.Kind.values else _("Choose the kind of warning."),
            reason=None if reason.strip() else _("Say why the time is in danger."),
            to=None if told else _("Choose whom to warn."),
            contacts=(
                _("This person belongs to another customer.")
                if any(each.customer_id != opened.record.customer_id for each in contacts)
                else None
            ),
        )
        _add_warning(opened, told, by=actor.user, kind=kind, reason=reason, expected_at=expected_at)
        customer_told = any(isinstance(person, Contact) for _role, person in told)
        opened.record.warn(**({"customer_warned_at": now(), "communicated_at": now()} if customer_told else {}))
    return opened.record


def check_clock(clock_id: int, declaration_id: int) -> int:
    """Give every warning whose threshold this clock of the declaration has crossed; how many were given.

    Safe when several workers do it at once: the declaration is locked, the clock is read under the lock, and the
    unique constraint of the warning stands behind it. A warning changes no version, so no open form becomes stale.
    """
    with transaction.atomic():
        Declaration.objects.select_for_update().get(pk=declaration_id)
        clock = Clock.objects.select_related("calendar_version").get(pk=clock_id)
        if clock.next_check_at is None or clock.next_check_at > now():
            return 0
        held_until = opening_after_quiet_hours(clock)
        if held_until is not None:
            Clock.objects.filter(pk=clock.pk).update(next_check_at=held_until)
            return 0
        return _give_warnings(clock, declaration_id)


def _give_warnings(clock: Clock, declaration_id: int) -> int:
    crossed = crossed_thresholds(clock)
    with step(
        Declaration,
        declaration_id,
        version=None,
        signature=SYSTEM.signature(),
        action=f"warn_{clock.kind}",
        clause="5.4.6",
        bump=False,
    ) as opened:
        for threshold, reached_at in crossed:
            if clock.kind in CUSTOMER_CLOCKS:
                _warn_threshold(opened, clock, threshold, reached_at)
            else:
                _remind(opened, clock, threshold, reached_at)
        sla.mark_checked(clock, at=now())
    return len(crossed)


def _remind(opened: Step[Declaration], clock: Clock, threshold: int, reached_at: datetime) -> None:
    """An internal clock (relay, hand-over, decision, countersignature) reminds whoever has to move it."""
    declaration = opened.record
    opened.note(clock=clock.kind, threshold=threshold, reached_at=reached_at)
    notify(
        f"overdue.{clock.kind}.{threshold}",
        stream=declaration.stream,
        number=declaration.number,
        recipients=reminder_recipients(declaration, clock, threshold),
        data={"level": declaration.priority, "due_at": clock.due_at},
        threshold=threshold,
        cycle=clock.pk,
    )


def reminder_recipients(declaration: Declaration, clock: Clock, threshold: int) -> list[User]:
    """Who hears that an internal clock ran out: the head; risk control as well, or the next level (R-5.4.5-5)."""
    head = head_of(declaration.department)
    told = [head] if head is not None else []
    if clock.kind == "decision" and threshold >= 100:
        told += holders(Role.MANAGEMENT)
    if clock.kind == "countersign":
        told += holders(Role.RISK_CONTROL)
    return told


def _warn_threshold(opened: Step[Declaration], clock: Clock, threshold: int, reached_at: datetime) -> None:
    declaration = opened.record
    told = threshold_recipients(declaration, clock, threshold)
    warning = _add_warning(
        opened,
        told,
        by=None,
        kind=Warning.Kind.BREACHED if threshold >= 100 else Warning.Kind.AT_RISK,
        clock=clock,
        threshold=threshold,
        cycle=clock.cycle,
        reached_at=reached_at,
    )
    if any(isinstance(person, Contact) for _role, person in told):
        declaration.customer_warned_at = warning.at
    _tell_threshold(declaration, clock, threshold, [person for _role, person in told])


def _tell_threshold(declaration: Declaration, clock: Clock, threshold: int, told: list[User | Contact]) -> None:
    """Staff hear it in the portal, the customer by mail."""
    for channel, kind in ((Channel.IN_APP, User), (Channel.EMAIL, Contact)):
        notify(
            f"warning.{clock.kind}.{threshold}",
            stream=declaration.stream,
            number=declaration.number,
            recipients=[person for person in told if isinstance(person, kind)],
            data={"level": declaration.priority, "due_at": clock.due_at},
            threshold=threshold,
            cycle=clock.cycle,
            channel=channel,
        )


def threshold_recipients(declaration: Declaration, clock: Clock, threshold: int) -> list[Recipient]:
    """Handler (the desk before there is one) and head; at 90 % the customer, if nobody warned them before (A-30)."""
    handler, head = declaration.handler or declaration.desk, head_of(declaration.department)
    told: list[Recipient] = []
    if handler is not None:
        told.append(("handler", handler))
    if head is not None:
        told.append(("department_head", head))
    unwarned = declaration.contact is not None and declaration.customer_warned_at is None
    if clock.kind == "resolution" and threshold == 90 and unwarned:
        assert declaration.contact is not None
        told.append(("contact", declaration.contact))
    return told


def _add_warning(
    opened: Step[Declaration], told: list[Recipient], *, by: User | None, kind: str, **columns: object
) -> Warning:
    warning = opened.add(
        Warning(
            declaration=opened.record,
            by=by,
            at=now(),
            kind=kind,
            recipients=[role for role, _person in told],
            **columns,
        )
    )
    for role, person in told:
        opened.add(
            WarningRecipient(
                warning=warning,
                role=role,
                user=person if isinstance(person, User) else None,
                contact=person if isinstance(person, Contact) else None,
            )
        )
    return warning
