"""Gapless numbers of the day (R-1-1)."""

from datetime import date

from django.db import connection

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
