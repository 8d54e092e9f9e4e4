"""What calendars and contracts will lack soon, told before it is missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.actors import local_day
from accounts.models import Role, User
from accounts.queries import desk_of, head_of, holders
from base.clock import now
from base.heartbeat import beat
from notifications.actions import notify
from procedure.queries import in_force, rules
from sla.models import Calendar, Contract
from sla.queries import calendars, ending, missing_years

# A contract that ended is still told of for so many days, should nothing have run on its last one.
ENDED_DAYS = 30
# A change of a calendar is news for so long.
NEWS = timedelta(days=7)


def watch_agreements() -> int:
    """Tell who has to act; how many were told now. Each calendar and contract is a transaction of its own.

    The same is told to nobody twice, however many workers look or stop half way: the outbox is the fence.
    """
    at = now()
    today = local_day(at)
    count = sum(_calendar(each, at, today) for each in calendars())
    steps = rules(in_force(today).pk).parameter("contract_renewal_days")
    count += sum(_contract(each, today, steps) for each in ending(today, max(steps), ENDED_DAYS))
    beat("agreements")
    return count


@transaction.atomic
def _calendar(calendar: Calendar, at: datetime, today: date) -> int:
    count = sum(_year_missing(calendar, year, today) for year in missing_years(calendar, today))
    version = calendar.current
    if version is not None and version.number > 1 and version.published_at and at - version.published_at < NEWS:
        count += _tell("calendar.changed", calendar, holders(Role.DEPARTMENT_HEAD), cycle=version.number)
    return count


def _year_missing(calendar: Calendar, year: int, today: date) -> int:
    """Once a week until the year is there, to those who can enter it and to the owner of the document."""
    week = today.isocalendar()
    people = [*holders(Role.ADMINISTRATOR), *holders(Role.DOCUMENT_OWNER)]
    return _tell("calendar.year_missing", calendar, people, threshold=year, cycle=week.year * 100 + week.week)


@transaction.atomic
def _contract(contract: Contract, today: date, steps: list[int]) -> int:
    """At each step once; whoever looks late tells of the nearest step only."""
    left = (contract.ends_on - today).days
    step = min((each for each in steps if each >= left), default=min(steps))
    people = [head_of(contract.customer.department), desk_of(contract.customer)]
    event = "contract.ending" if step else "contract.ended"
    return notify(
        event,
        stream=contract.stream,
        number=contract.number,
        recipients=people,
        data={},
        threshold=step,
        cycle=contract.ends_on.toordinal(),
    )


def _tell(event: str, calendar: Calendar, people: list[User], *, cycle: int, threshold: int = 0) -> int:
    return notify(
        event,
        stream=calendar.stream,
        number=calendar.name,
        recipients=people,
        data={},
        threshold=threshold,
        cycle=cycle,
    )
