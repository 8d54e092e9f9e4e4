"""What people are told in time about absences and proofs (R-4.1-2, R-8-1, R-8-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.actors import local_day
from accounts.models import Delegation, Qualification, Role, RoleGrant, User
from base.clock import now
from base.heartbeat import beat
from notifications.outbox import Notice, notify_all

# Days before a proof runs out at which it is told.
REMINDERS = (60, 30, 7)


@transaction.atomic
def watch_people() -> int:
    """Tell deputies whom they are to stand in for, and again as it begins; tell people and their heads of proofs that
    run out. How many messages are new. Safe to run at any time and by many: the outbox is the fence."""
    sent = notify_all([*_absences(), *_proofs()])
    beat("people")
    return sent


def _absences() -> Iterator[Notice]:
    """Those that run or are to come, which are few; one query."""
    for one in Delegation.objects.filter(ends_at__gt=now(), declined_at=None).select_related("from_user", "to_user"):
        event = "absence.begun" if one.starts_at <= now() else "absence.named"
        yield Notice(event, one.stream, one.from_user.name, [one.to_user], {})


def _proofs() -> Iterator[Notice]:
    """Those without a successor that reaches further; two queries."""
    day = local_day(now())
    later = Qualification.objects.filter(
        Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on")), user=OuterRef("user"), kind=OuterRef("kind")
    )
    ending = Qualification.objects.filter(
        ~Exists(later), expires_on__range=(day, day + timedelta(days=max(REMINDERS))), user__is_active=True
    ).select_related("user")
    heads = _heads()
    for proof in ending:
        assert proof.expires_on is not None
        left = (proof.expires_on - day).days
        threshold = min(step for step in REMINDERS if step >= left)
        people = {person.pk: person for person in (proof.user, *heads.get(proof.user.department_id, []))}
        yield Notice("proof.ending", proof.stream, proof.user.name, people.values(), {}, threshold=threshold)


def _heads() -> dict[int | None, list[User]]:
    """The heads of today by their department."""
    found: dict[int | None, list[User]] = {}
    held = RoleGrant.objects.in_force(local_day(now())).filter(role=Role.DEPARTMENT_HEAD, user__is_active=True)
    for grant in held.select_related("user").order_by("pk"):
        found.setdefault(grant.department_id, []).append(grant.user)
    return found
