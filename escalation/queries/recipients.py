"""Who hears of what: handler and head, the customer as A-30 reads it, the next level of an internal step."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Contact, Role, User
from incidents.models import Declaration
from sla.models import Clock

Told = tuple[str, User | Contact]


def threshold_recipients(
    declaration: Declaration, clock: Clock, threshold: int, *, head: User | None, customer_from: int
) -> list[Told]:
    """Handler (the desk before there is one) and head; from `customer_from` percent of the resolution on also the
    customer, if nobody has warned them before and they can be reached by e-mail (A-30). No query."""
    handler = declaration.handler or declaration.desk
    recipients: list[Told] = []
    if handler is not None:
        recipients.append(("handler", handler))
    if head is not None:
        recipients.append(("department_head", head))
    contact = declaration.contact
    unwarned = contact is not None and contact.email and declaration.customer_warned_at is None
    if clock.kind == "resolution" and threshold >= customer_from and unwarned:
        assert contact is not None
        recipients.append(("contact", contact))
    return recipients


def reminder_recipients(
    declaration: Declaration,
    clock: Clock,
    threshold: int,
    *,
    head: User | None,
    holders: Callable[[Role], list[User]],
) -> list[User]:
    """Who hears that an internal clock ran out: the head (A-13, A-20); for an undecided escalation at its end the next
    level too, or from the first reminder on if it decides itself; for a countersignature risk control (R-5.4.5-5).
    `holders` tells who holds a role today."""
    recipients = [head] if head is not None else []
    if clock.kind == "decision" and (threshold >= 100 or declaration.escalation_climbed):
        recipients += holders(Role.MANAGEMENT)
    if clock.kind == "countersign":
        recipients += holders(Role.RISK_CONTROL)
    return recipients
