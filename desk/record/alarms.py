"""What a warning asks of the reader: to take note of it, and to tell the customer (clause 5.4.6, A-30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actors import Actor
from escalation.models import Warning
from escalation.queries import unacknowledged_by
from incidents.access import NextStep
from incidents.models import Declaration
from procedure.queries import rules
from sla.queries import threshold_at


@dataclass(frozen=True)
class Unacknowledged:
    """A warning that was addressed to the reader and that they have not taken note of."""

    at: datetime
    sentence: str


@dataclass(frozen=True)
class Draft:
    """The words to the customer, ready to be checked and sent; `by_mail` says that the desk itself can send them."""

    url: str
    version: int
    kind: str
    contact: str
    contact_code: str
    phone: str
    reason: str
    text: str
    by_mail: bool


def unacknowledged(actor: Actor, declaration: Declaration) -> list[Unacknowledged]:
    """The reader's own, oldest first; one statement while the record is open."""
    waiting = unacknowledged_by(actor, declaration) if declaration.is_open else []
    return [Unacknowledged(row.at, _sentence(row)) for row in waiting]


def _sentence(row: Warning) -> str:
    if row.threshold is None:
        return str(Warning.Kind(row.kind).label)
    if row.threshold >= 100:
        return _("The time allowed is over")
    return _("%(percent)s%% of the time allowed is used") % {"percent": row.threshold}


def draft(declaration: Declaration, offered: Sequence[NextStep], at: datetime) -> Draft | None:
    """From the parameter `customer_draft_percent` on, for whoever may warn, until somebody has warned the customer.

    Reckoned when the page is read, so it is there though every worker stands still. No query.
    """
    clock, contact = declaration.resolution_clock, declaration.contact
    possible = any(step.verb == "warn" and step.possible for step in offered)
    if not possible or clock is None or not clock.is_running or contact is None or declaration.customer_warned_at:
        return None
    percent = rules(declaration.procedure_version_id).parameter("customer_draft_percent")
    reached = threshold_at(clock, percent)
    if reached is None or reached > at:
        return None
    late = clock.due_at <= at
    return Draft(
        url=reverse("record-step", args=[declaration.number, "warn"]),
        version=declaration.version,
        kind=Warning.Kind.BREACHED if late else Warning.Kind.AT_RISK,
        contact=contact.name,
        contact_code=contact.code,
        phone=contact.mobile or contact.phone,
        reason=_("The time allowed is over")
        if late
        else _("%(percent)s%% of the time allowed is used") % {"percent": percent},
        text=_letter(declaration, clock.due_at, late=late),
        by_mail=bool(contact.email),
    )


def _letter(declaration: Declaration, due: datetime, *, late: bool) -> str:
    """In the contact's language and on the clock of the firm, whatever those of the reader."""
    with override((declaration.contact.language if declaration.contact else "") or settings.LANGUAGE_CODE):
        # A letter is read on another day: no "today" in it.
        values = {"subject": declaration.subject, "time": f"{localtime(due, get_default_timezone()):%Y-%m-%d %H:%M}"}
        if late:
            return (
                _(
                    "What you reported (%(subject)s) should have been solved by %(time)s and is not solved yet. We go "
                    "on with it and tell you as soon as there is news."
                )
                % values
            )
        return (
            _(
                "We are working on what you reported (%(subject)s). It should be solved by %(time)s; it may take "
                "longer. We go on with it and tell you as soon as there is news."
            )
            % values
        )
