"""Repeats of an incident: same customer, same category leaf, within the window (A-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from accounts.models import Customer
from incidents.models import REPEAT_THRESHOLD, UNDECIDED_ESCALATION, Declaration, EscalationState, Type


@dataclass(frozen=True)
class Repeat:
    """An earlier incident of the same key."""

    pk: int
    number: str
    problem_number: str
    escalation_state: str
    escalation_triggers: list[str]
    subject: str

    @property
    def escalation_is_open(self) -> bool:
        """Whether its request is undecided, or due because of the repeats themselves.

        One that is due for its impact alone and that nobody has asked for speaks for no other record.
        """
        is_due = self.escalation_state == EscalationState.REQUIRED and REPEAT_THRESHOLD in self.escalation_triggers
        return is_due or self.escalation_state in UNDECIDED_ESCALATION


def earlier_repeats(declaration: Declaration, *, window_days: int, leaf: str = "", limit: int = 50) -> list[Repeat]:
    """Incidents of the same customer and leaf received in the `window_days` before this one, oldest first.

    Those of a customer that was merged into this one are the same customer's. Invalid, duplicate and handed-over ones
    are no incidents and do not count. One query on declaration_repeats.
    """
    since = declaration.received_at - timedelta(days=window_days)
    found = (
        Declaration.objects.filter(
            customer__in=_and_merged(declaration.customer_id),
            leaf=leaf or declaration.leaf,
            type=Type.INCIDENT,
            received_at__gt=since,
            received_at__lte=declaration.received_at,
        )
        # Of two received in the same minute the one registered first is the earlier.
        .exclude(received_at=declaration.received_at, registered_at__gte=declaration.registered_at)
        .order_by("-received_at", "-registered_at")
        .values_list("pk", "number", "problem_number", "escalation_state", "escalation_triggers", "subject")[:limit]
    )
    return [Repeat(*row) for row in reversed(found)]


def _and_merged(customer: int | None) -> QuerySet[Customer, int]:
    """The keys of the customer and of those that were merged into it."""
    return Customer.objects.filter(Q(pk=customer) | Q(merged_into=customer)).order_by().values_list("pk", flat=True)
