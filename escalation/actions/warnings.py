"""Warnings: by the handler on a trend, and by the sweep at the thresholds of every clock (clause 5.4.6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Contact, User
from config.clock import now
from escalation.models import Warning, WarningRecipient
from incidents.actions.steps import require, working
from incidents.models import Declaration
from ledger.actions import Step

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
