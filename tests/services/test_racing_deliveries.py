"""Deliveries at the same moment, one that is killed, and one that sleeps: no message is lost, each is sent once.

Each fence has a twin of its test in which the fence is taken away and the fault is seen.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.models import Department, User
from base.clock import now
from notifications import actions
from notifications.delivery import claims, smtp
from notifications.delivery import mail as mails
from notifications.delivery.bots import claim_for
from notifications.delivery.claims import LEASE, claim
from notifications.delivery.mail import deliver_mail
from notifications.models import Bot, Notification, Pace
from notifications.sealing import seal
from tests.notifications.servers import MailSink
from tests.services.racing import at_once, on_a_server

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]
EMAIL = (Notification.Channel.EMAIL,)
MAILS = 40


@pytest.fixture
def sink(settings: Any) -> Iterator[MailSink]:
    server = MailSink()
    server.start()
    settings.OUTGOING, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", server.port
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def reader() -> User:
    department = Department.objects.create(code="D1", name="一部")
    return User.objects.create(
        username="liu", employee_number="1", name="刘思远", department=department, email="liu@firm.example"
    )


def write(reader: User, count: int = MAILS) -> None:
    notices = [
        actions.Notice("warning", f"declaration:{key}", f"SD-{key}", [reader], {}, channel="email")
        for key in range(count)
    ]
    assert actions.notify_all(notices) == count


def ids(sink: MailSink) -> list[str]:
    return [str(mail["Message-ID"]) for mail in sink.mails]


def in_the_way(first: Callable[[], object], second: Callable[[], object]) -> tuple[object, object]:
    """`second` while the transaction of `first` is still open, which ends as soon as `second` waits or is done."""
    found: list[object] = []
    done = Event()

    def other() -> None:
        try:
            found.append(second())
        finally:
            done.set()
            connection.close()

    with transaction.atomic():
        mine = first()
        thread = Thread(target=other)
        thread.start()
        done.wait(1)
    thread.join(20)
    return mine, found[0]


def test_workers_at_once_send_each_message_once(sink: MailSink, reader: User) -> None:
    write(reader)
    assert sum(at_once(lambda _number: deliver_mail(), threads=4)) == MAILS
    assert len(set(ids(sink))) == len(ids(sink)) == MAILS
    assert set(Notification.objects.values_list("status", "attempts", "repeats")) == {("sent", 1, 0)}


def test_two_who_claim_at_the_same_moment_never_hold_the_same_row(reader: User) -> None:
    write(reader, 2)
    mine, others = in_the_way(lambda: claim(EMAIL, 1), lambda: claim(EMAIL, 1))
    assert [row.pk for row in mine] != [row.pk for row in others]


def test_without_the_lock_two_would_hold_the_same_row(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "LOCK", "")
    write(reader, 2)
    mine, others = in_the_way(lambda: claim(EMAIL, 1), lambda: claim(EMAIL, 1))
    assert [row.pk for row in mine] == [row.pk for row in others]


def robot(reader: User) -> Bot:
    bot = Bot.objects.create(
        name="群",
        product="wecom",
        department=reader.department,
        kinds=["warning"],
        levels=[1],
        host="qyapi.weixin.qq.com",
        sealed_address=seal("key-1234-5678"),
    )
    Pace.objects.create(bot=bot)
    for cycle in range(1, 31):
        actions.notify("warning", stream="declaration:1", number="SD-1", recipients=[reader], data={}, cycle=cycle)
    return bot


def test_workers_at_once_serve_a_robot_one_at_a_time(reader: User) -> None:
    bot = robot(reader)
    taken = [row for row in at_once(lambda _number: claim_for(bot.pk)) if row is not None]
    assert len(taken) == 1
    assert len(Pace.objects.get(pk=bot.pk).stamps) == 1


def test_without_the_lock_of_its_pace_two_would_serve_it(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    bot = robot(reader)
    monkeypatch.setattr(Pace.objects, "select_for_update", lambda **_options: Pace.objects.all())
    mine, others = in_the_way(lambda: claim_for(bot.pk), lambda: claim_for(bot.pk))
    assert mine is not None
    assert others is not None


# Killed and stopped


def child(work: Callable[[], object]) -> int:
    """Start `work` in a process of its own; its key."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def dies_after_the_server_took_it(monkeypatch: pytest.MonkeyPatch, how_many: int) -> None:
    """The process kills itself between the server's 250 and the note of it."""
    notes, sent = claims.note, []

    def note_or_die(results: Any) -> int:
        found = list(results)
        sent.extend(found)
        if len(sent) >= how_many:
            os.kill(os.getpid(), signal.SIGKILL)
        return notes(found)

    monkeypatch.setattr(mails, "note", note_or_die)


def test_killed_between_sending_and_noting_loses_none_and_flags_what_came_twice(
    sink: MailSink, reader: User, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    write(reader)
    with monkeypatch.context() as patch:
        dies_after_the_server_took_it(patch, 5)
        _pid, ended = os.waitpid(child(deliver_mail), 0)
    assert os.waitstatus_to_exitcode(ended) == -signal.SIGKILL
    before = ids(sink)
    assert before
    clock.set(now() + LEASE)
    deliver_mail()
    assert Notification.objects.exclude(status="sent").count() == 0
    assert len(set(ids(sink))) == MAILS
    twice = [name for name in set(ids(sink)) if ids(sink).count(name) > 1]
    flagged = {f"<{name}>" for name in Notification.objects.filter(repeats__gt=0).values_list("message_id", flat=True)}
    assert set(twice) <= flagged
    repeats = [mail for mail in sink.mails[len(before) :] if str(mail["Message-ID"]) in twice]
    assert all(mail["X-Desk-Repeat"] == "1" for mail in repeats)


def test_noted_before_it_is_sent_a_kill_would_lose_it(
    sink: MailSink, reader: User, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    def note_then_die(*_arguments: Any) -> None:
        Notification.objects.update(status="sent", sent_at=now(), next_attempt_at=None, claimed_at=None)
        os.kill(os.getpid(), signal.SIGKILL)

    write(reader, 1)
    with monkeypatch.context() as patch:
        patch.setattr(smtp, "_hand_over", note_then_die)
        os.waitpid(child(deliver_mail), 0)
    clock.set(now() + LEASE)
    deliver_mail()
    assert ids(sink) == []


def test_a_worker_that_slept_over_its_lease_changes_nothing_when_it_wakes(
    sink: MailSink, reader: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(reader, 1)
    sink.slow = 1.0
    pid = child(deliver_mail)
    while not Notification.objects.filter(claimed_at__isnull=False).exists():
        time.sleep(0.02)
    os.kill(pid, signal.SIGSTOP)
    sink.slow = 0
    clock.set(now() + LEASE)
    [held] = claim(EMAIL, 9)
    os.kill(pid, signal.SIGCONT)
    os.waitpid(pid, 0)
    held.refresh_from_db()
    assert (held.status, held.attempts, held.repeats) == ("queued", 2, 1)


def test_without_the_number_of_the_attempt_the_late_result_would_count(reader: User, clock: Any) -> None:
    write(reader, 1)
    clock.set(now())
    [first] = claim(EMAIL, 9)
    clock.advance(seconds=LEASE.total_seconds())
    [second] = claim(EMAIL, 9)
    assert claims.note([claims.Result(first, second.attempts, claims.Sent())]) == 1
