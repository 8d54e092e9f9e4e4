"""Fills the database of django-helpdesk; run by its own Python, with how many tickets.

Prints the key of a session of somebody who works there, and the number of the ticket with twenty events.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from helpdesk.models import FollowUp, Queue, Ticket  # noqa: E402

BATCH, EVENTS = 2000, 20
NOW = datetime.now(UTC)  # noqa: TID251  it knows no clock of ours


def main(size: int) -> None:
    """Tickets of one queue, with two events each."""
    call_command("migrate", verbosity=0)
    desk = get_user_model().objects.create_superuser("desk", "desk@example.com", "a password of the benchmark")
    queue = Queue.objects.create(title="Desk", slug="desk", escalate_days=1)
    for first in range(0, size, BATCH):
        tickets = Ticket.objects.bulk_create(
            [ticket(queue, desk, number) for number in range(first, min(first + BATCH, size))]
        )
        FollowUp.objects.bulk_create([event(each, desk, number) for each in tickets for number in range(2)])
    long = Ticket.objects.order_by("-pk")[0]
    FollowUp.objects.bulk_create([event(long, desk, number) for number in range(EVENTS - 2)])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(desk)
    print(client.cookies[settings.SESSION_COOKIE_NAME].value, long.pk)


def ticket(queue: Queue, desk: object, number: int) -> Ticket:
    """One that is open, due some day."""
    at = NOW - timedelta(minutes=number)
    return Ticket(
        title=f"网银登录后页面空白 {number}",
        queue=queue,
        created=at,
        modified=at,
        submitter_email="customer@example.com",
        assigned_to=desk,
        status=Ticket.OPEN_STATUS,
        description="客户来电，说网银登录以后页面是空白的，重启电脑以后还是一样。请尽快看看。",
        priority=1 + number % 5,
        due_date=at + timedelta(days=3),
        last_escalation=NOW,
    )


def event(ticket: Ticket, desk: object, number: int) -> FollowUp:
    """A word of the desk."""
    return FollowUp(
        ticket=ticket,
        date=ticket.created + timedelta(minutes=number),
        title="Comment",
        comment="已查看日志，正在处理。",
        public=True,
        user=desk,
    )


main(int(sys.argv[1]))
