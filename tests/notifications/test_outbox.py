from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.actors import SYSTEM, Actor
from accounts.models import Contact, User
from base.clock import set_clock
from ledger.actions import step
from notifications import actions, queries, tasks
from notifications.models import Notification

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPENING = AT + timedelta(hours=13)


def warn(*recipients: User | Contact | None, **changes: Any) -> int:
    values: dict[str, Any] = {
        "stream": "declaration:1",
        "number": "SD-20261122-001",
        "data": {},
        "threshold": 75,
        "at": AT,
    }
    return actions.notify("warning.resolution.75", recipients=recipients, **values | changes)


def test_each_recipient_is_told_once(user: User, colleague: User, contact: Contact) -> None:
    assert warn(user, colleague, contact, user, None) == 3
    assert warn(user, contact) == 0
    assert Notification.objects.count() == 3


@pytest.mark.parametrize(
    "changes", [{"threshold": 90}, {"cycle": 2}, {"stream": "declaration:2"}, {"channel": "email"}]
)
def test_another_threshold_cycle_record_or_channel_is_another_message(user: User, changes: dict[str, Any]) -> None:
    warn(user)
    assert warn(user, **changes) == 1


def test_a_recipient_who_is_new_is_told_although_others_were_before(user: User, colleague: User) -> None:
    warn(user)
    assert warn(user, colleague) == 1


def test_nobody_to_tell_is_no_error(db: None) -> None:
    assert warn(None) == 0


def test_the_message_goes_back_with_the_transaction(user: User) -> None:
    with transaction.atomic():
        warn(user)
        transaction.set_rollback(True)
    assert warn(user) == 1


def test_names_and_numbers_of_customers_are_refused(user: User) -> None:
    with pytest.raises(ValueError, match="customer"):
        warn(user, data={"due_at": AT, "customer": "示例银行"})


def test_the_table_refuses_a_message_to_nobody_or_to_two(user: User, contact: Contact) -> None:
    row = {"event": "x", "stream": "x:1", "number": "", "created_at": AT}
    for recipient in ({}, {"user": user, "contact": contact}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notification.objects.create(**row, **recipient)


def test_what_is_held_shows_when_its_time_has_come(user: User) -> None:
    warn(user, held_until=OPENING)
    assert actions.deliver_due(OPENING - timedelta(microseconds=1)) == 0
    assert queries.bell(user).rows == []
    assert actions.deliver_due(OPENING) == 1
    assert actions.deliver_due(OPENING) == 0
    [line] = queries.bell(user).rows
    assert line.at == OPENING


def test_what_need_not_wait_shows_at_once(user: User) -> None:
    warn(user, held_until=AT)
    assert queries.unread(user).count() == 1
    assert actions.deliver_due(AT) == 0


def test_the_portal_leaves_messages_of_other_channels_alone(user: User) -> None:
    warn(user, channel="email", held_until=AT)
    assert actions.deliver_due(OPENING) == 0
    assert queries.unread(user).count() == 0


def test_a_cancelled_message_is_never_shown(user: User) -> None:
    warn(user, held_until=OPENING)
    warn(user, stream="declaration:2", held_until=OPENING)
    assert actions.cancel("declaration:1", events="escalation.") == 0
    assert actions.cancel("declaration:1", events="warning.") == 1
    assert actions.deliver_due(OPENING) == 1
    assert actions.cancel("declaration:2") == 0


def test_command_and_job_deliver_alike(user: User, colleague: User) -> None:
    with set_clock(OPENING):
        warn(user, held_until=OPENING, at=AT)
        assert tasks.deliver() == 1
        warn(colleague, held_until=OPENING, at=AT)
        call_command("deliver_notifications", verbosity=0)
    assert not Notification.objects.exclude(status="sent").exists()


def test_a_person_reads_only_his_own(user: User, colleague: User) -> None:
    warn(user, colleague)
    ids = list(Notification.objects.values_list("pk", flat=True))
    assert actions.mark_seen(Actor(user=user), ids) == 1
    assert actions.mark_seen(Actor(user=user), ids) == 0
    assert (queries.unread(user).count(), queries.unread(colleague).count()) == (0, 1)
    assert actions.mark_seen(Actor(), ids) == 0


def test_marking_all_leaves_what_came_after_the_page_was_read(user: User) -> None:
    warn(user)
    warn(user, threshold=90, at=AT + timedelta(hours=1))
    assert actions.mark_all_seen(Actor(user=user), up_to=AT) == 1
    assert [line.seen for line in queries.bell(user).rows] == [False, True]


def test_the_bell_is_paged_newest_first_without_gap(user: User) -> None:
    for cycle in range(1, 8):
        warn(user, cycle=cycle, at=AT + timedelta(minutes=cycle // 2))
    everything = queries.bell(user).rows
    page = queries.bell(user, size=3)
    rest = queries.bell(user, page.next)
    assert page.rows + rest.rows == everything
    assert [line.at for line in everything] == sorted((line.at for line in everything), reverse=True)


def test_telling_many_takes_as_many_statements_as_telling_one(
    user: User, colleague: User, contact: Contact, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    with step(Contact, contact.pk, version=None, signature=SYSTEM.signature(), action="x", clause=""):
        assert count_queries(lambda: warn(contact, channel="email")) == 1
        assert count_queries(lambda: warn(user, colleague, contact)) == 3


def test_without_a_step_a_message_costs_its_own_entry(user: User, count_queries: Callable[..., int]) -> None:
    assert count_queries(lambda: warn(user)) == 3 + 4


def test_many_notices_reach_each_recipient_once(user: User, colleague: User) -> None:
    notices = [
        actions.Notice("warning.resolution.75", f"declaration:{number}", f"SD-{number}", [user, colleague, None], {})
        for number in range(300)
    ]
    assert actions.notify_all(notices) == 600
    assert actions.notify_all(notices) == 0
    assert Notification.objects.filter(user=user).count() == 300
