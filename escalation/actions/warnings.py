"""Warnings by hand: on a trend, before or at a miss (clause 5.4.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Contact, User
from config.clock import now
from escalation.actions.rounds import Round
from escalation.models import Unanswered, Warning, WarningRecipient
from incidents.actions.steps import require, working
from incidents.models import Declaration
from ledger.actions import Step
from notifications.actions import Channel, notify

Recipient = tuple[str, User | Contact]


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
    letter: str = "",
) -> Declaration:
    """Warn head and customer by hand, with the new expected time, before or at a miss (R-5.4.6-4).

    The staff hear it at once and take note of it like of any warning; `letter` goes to the contacts by e-mail, without
    it the actor has told them himself.
    """
    staff, contacts = list(staff), list(contacts)
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
        warning = _add_warning(opened, told, by=actor.user, kind=kind, reason=reason, expected_at=expected_at)
        _tell(opened.record, warning, staff=staff, contacts=contacts, letter=letter)
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


def _tell(
    declaration: Declaration, warning: Warning, *, staff: Sequence[User], contacts: Sequence[Contact], letter: str
) -> None:
    """One message to each of the staff, who have to take note of it, and the letter to the contacts."""
    data = {"level": declaration.priority, "due_at": declaration.due_at, "expected_at": warning.expected_at}
    about: dict[str, Any] = {"stream": declaration.stream, "number": declaration.number, "cycle": warning.pk}
    event = f"warning.{warning.kind}"
    notify(event, recipients=staff, data=data, **about)
    if letter.strip():
        by_mail = [contact for contact in contacts if contact.email]
        notify(event, recipients=by_mail, data=data, channel=Channel.EMAIL, text=letter.strip(), **about)
    if staff:
        due = Round(warning.at).answer_due(declaration)
        waiting = {"warning": warning, "rung": 0, "next_check_at": due}
        Unanswered.objects.update_or_create(declaration=declaration, defaults=waiting)
