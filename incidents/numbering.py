"""Gapless numbers of the day (R-1-1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection, transaction

from incidents.models import DayCounter


def next_number(kind: str, day: date) -> str:
    """The next number of `kind` ("SD", "WT") on `day`, the local date of registration.

    Taken inside the caller's transaction as the last step before the insert: a roll-back gives it back, and the row
    lock makes a second taker wait. Three digits, more past 999.
    """
    table = connection.ops.quote_name(DayCounter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (kind, day, last) VALUES (%s, %s, 1) "  # noqa: S608 - our own table
            f"ON CONFLICT (kind, day) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [kind, day],
        )
        (last,) = cursor.fetchone()
    return f"{kind}-{day:%Y%m%d}-{last:03d}"


@transaction.atomic
def go_on_after(known: Mapping[str, int]) -> list[str]:
    """Give none of these numbers ("SD-20261123": 7) or lower ones again; those that the counters did not know."""
    raised = []
    for day, last in sorted(known.items()):
        kind, _, date_of = day.partition("-")
        counter, _new = DayCounter.objects.select_for_update().get_or_create(
            kind=kind,
            day=date.fromisoformat(date_of),
            defaults={"last": 0},
        )
        if counter.last < last:
            DayCounter.objects.filter(pk=counter.pk).update(last=last)
            raised.append(f"{day}-{last:03d}")
    return raised
