"""Who hears of what happened to a declaration, through the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accounts.models import User
from incidents.models import Declaration
from notifications.actions import notify


def notify_of(
    declaration: Declaration,
    event: str,
    people: Iterable[User | None],
    *,
    facts: Mapping[str, object] | None = None,
    cycle: int | None = None,
) -> None:
    """Tell each person once of an event of this version of the record, or of another `cycle`; None is nobody.

    In the caller's transaction; the statements are those of `notify`.
    """
    notify(
        event,
        stream=declaration.stream,
        number=declaration.number,
        recipients=people,
        data=facts or {},
        cycle=declaration.version if cycle is None else cycle,
    )
