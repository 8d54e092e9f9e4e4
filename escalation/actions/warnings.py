"""Warnings by hand: on a trend, before or at a miss (clause 5.4.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact, User
from base.clock import now
from escalation.actions.batches import SweepBatch
from escalation.models import Unanswered, Warning, WarningRecipient
from incidents.access.people import readers
from incidents.actions.communication import tell
from incidents.actions.steps import require, working
from incidents.models import Declaration, Way
from ledger.actions import RecordChange
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
    way: str = Way.EMAIL,
) -> Declaration:
    """Warn head and customer by hand, before or at a miss; on a trend with the new expected time (R-5.4.6-4).

    The staff hear it at once and take note of it like of any warning. `letter` is what the contacts are told: it goes
    to them by e-mail, or the actor has said it in person in another `way`; the record keeps it for each (R-5.4.6-1).
    """
    staff, contacts = list(staff), list(contacts)
    with working(declaration_id, "warn", version=version, actor=actor) as opened:
        recipients: list[Recipient] = [*(("staff", each) for each in staff), *(("contact", each) for each in contacts)]
        require(
            kind=None if kind in Warning.Kind.values else _("Choose the kind of warning."),
            reason=None if reason.strip() else _("Say why the time is in danger."),
            expected_at=_expected_problem(kind, expected_at),
            to=None if recipients else _("Choose whom to warn."),
            staff=_staff_problem(opened.record, staff),
            contacts=_contacts_problem(opened.record, contacts, letter, way),
            letter=_("Write what the customer is told.") if contacts and not letter.strip() else None,
            way=None if way in Way.values else _("Say by which means."),
        )
        warning = _add_warning(opened, recipients, by=actor.user, kind=kind, reason=reason, expected_at=expected_at)
        for contact in contacts:
            tell(opened, actor=actor, way=way, text=letter.strip(), contact=contact, at=warning.at)
        _notify(opened.record, warning, staff=staff, contacts=contacts if way == Way.EMAIL else (), letter=letter)
        opened.record.warn(**({"customer_warned_at": now(), "communicated_at": now()} if contacts else {}))
    return opened.record


def _expected_problem(kind: str, expected_at: datetime | None) -> str | None:
    if kind == Warning.Kind.TREND and expected_at is None:
        return _("Say until when you now expect it to be solved.")
    if expected_at is not None and expected_at <= now():
        return _("The new expected time has passed already.")
    return None


def _staff_problem(declaration: Declaration, staff: Sequence[User]) -> str | None:
    """A warning goes to those who may read what it is about."""
    may = set(readers(declaration).values_list("pk", flat=True)) if staff else set()
    names = [each.name for each in staff if each.pk not in may]
    return _("%(names)s may not read this record.") % {"names": _(", ").join(names)} if names else None


def _contacts_problem(declaration: Declaration, contacts: Sequence[Contact], letter: str, way: str) -> str | None:
    if any(each.customer_id != declaration.customer_id for each in contacts):
        return _("This person belongs to another customer.")
    if letter.strip() and not contacts:
        return _("Choose whom of the customer these words are for.")
    without = [each.name for each in contacts if not each.email]
    if way == Way.EMAIL and without:
        return _("%(names)s: no e-mail address. Tell them in another way, and choose it here.") % {
            "names": _(", ").join(without)
        }
    return None


def _add_warning(
    opened: RecordChange[Declaration], recipients: list[Recipient], *, by: User | None, kind: str, **columns: object
) -> Warning:
    warning = opened.add(
        Warning(
            declaration=opened.record,
            by=by,
            at=now(),
            kind=kind,
            recipients=[role for role, _person in recipients],
            **columns,
        )
    )
    for role, person in recipients:
        opened.add(
            WarningRecipient(
                warning=warning,
                role=role,
                user=person if isinstance(person, User) else None,
                contact=person if isinstance(person, Contact) else None,
            )
        )
    return warning


def _notify(
    declaration: Declaration, warning: Warning, *, staff: Sequence[User], contacts: Sequence[Contact], letter: str
) -> None:
    """One message to each of the staff, who have to take note of it, and the letter by e-mail to the contacts."""
    data = {"level": declaration.priority, "due_at": declaration.due_at, "expected_at": warning.expected_at}
    about: dict[str, Any] = {"stream": declaration.stream, "number": declaration.number, "cycle": warning.pk}
    event = f"warning.{warning.kind}"
    notify(event, recipients=staff, data=data, **about)
    notify(event, recipients=contacts, data=data, channel=Channel.EMAIL, text=letter.strip(), **about)
    if staff:
        due = SweepBatch(warning.at).answer_due(declaration)
        waiting = {"warning": warning, "rung": 0, "next_check_at": due}
        Unanswered.objects.update_or_create(declaration=declaration, defaults=waiting)
