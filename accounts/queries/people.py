"""People, and what belongs to each."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from accounts.models import ApiToken, Delegation, Qualification, RoleGrant, User
from base.clock import now


def grants_of(user: User) -> list[RoleGrant]:
    """All grants that the person has had or has, newest first; one query by the index of the user."""
    return list(user.grants.select_related("department", "customer", "granted_by").order_by("-starts_on", "-id"))


def delegations_of(user: User) -> list[Delegation]:
    """Delegations from or to the person that have not ended; one query."""
    return list(
        Delegation.objects.filter(Q(from_user=user) | Q(to_user=user), ends_at__gt=now()).select_related(
            "from_user", "to_user", "department", "customer"
        )
    )


def is_qualified(user: User, kind: str, on: date) -> bool:
    """Whether a proof of that kind is in force on that day (clause 8); one row by `qualification_user`."""
    proofs = Qualification.objects.filter(user=user, kind=kind, obtained_on__lte=on)
    return proofs.filter(Q(expires_on=None) | Q(expires_on__gte=on)).exists()


def tokens_of(user: User) -> list[ApiToken]:
    """The person's API tokens, also revoked and expired ones, newest first; one query."""
    return list(user.tokens.order_by("-created_at", "-id"))
