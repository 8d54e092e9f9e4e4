"""A desk keeps an administrator on every day to come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.actors import local_day
from accounts.models import Role, RoleGrant
from base.clock import now
from ledger.exceptions import NotPossible

DAY = timedelta(days=1)


@contextmanager
def administrator_stays() -> Iterator[None]:
    """Raise `NotPossible` where the block takes the last administrator away, now or on a day to come.

    Enter it within an attempt, before any step: it locks every grant of the role, always in one order, so that of two
    administrators who end each other at once the second finds that he is the last.
    """
    list(RoleGrant.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk").values_list("pk"))
    was = _is_always_held()
    yield
    if was and not _is_always_held():
        raise NotPossible(
            _("Nobody would be administrator any more. Give the role to somebody else first, without an end."),
            clause="4.1",
        )


def _is_always_held() -> bool:
    """Whether there is an administrator today and on every day after; one query."""
    day = local_day(now())
    held = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    spans = list(held.values_list("starts_on", "ends_on"))
    while running := [ends for starts, ends in spans if starts <= day and (ends is None or ends >= day)]:
        ends = [each for each in running if each is not None]
        if len(ends) < len(running):
            return True
        day = max(ends) + DAY
    return False
