"""Robots and webhooks, towards real https servers on this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as patient
from hypothesis import strategies as st

from accounts.actors import SYSTEM, Actor, Held
from accounts.models import Department, Role, User
from base.clock import now
from ledger.exceptions import Invalid, NotPermitted
from notifications import actions, http
from notifications.delivery import claims
from notifications.delivery.bots import claim_for
from notifications.delivery.unsent import stored_message as kept_message
from notifications.models import Bot, Notification, Pace, Reason
from notifications.pacing import free_at, off_the_crowded_minute, still_counting
from notifications.products import webhook
from tests.notifications.servers import HttpsHost
from tests.notifications.test_products import ADDRESSES

pytestmark = pytest.mark.django_db
Status = Notification.Status
SECRET = "SECdemo0123456789"
# Neither at a full nor at a half hour, which Feishu does not like.
AT = datetime(2026, 11, 23, 2, 10, tzinfo=UTC)
# A busy machine is no fault of the code.
UNHURRIED = patient(deadline=None, suppress_health_check=[HealthCheck.too_slow])
Maker = Callable[..., Bot]


@pytest.fixture(autouse=True)
def _at_ten_past(clock: Any) -> None:
    clock.set(AT)


@pytest.fixture
def admin(user: User) -> Actor:
    return Actor(user=user, grants=(Held(Role.ADMINISTRATOR),))


@pytest.fixture
def made(admin: Actor, department: Department) -> Maker:
    def make(product: str = "wecom", **changes: Any) -> Bot:
        values: dict[str, Any] = {
            "name": product,
            "department": department,
            "kinds": ["warning"],
            "levels": [1, 2, 3, 4],
            "address": ADDRESSES.get(product, "https://hook.example/in"),
            "secret": webhook.new_secret() if product == "webhook" else SECRET,
        }
        return actions.create_bot(actor=admin, product=product, setting=actions.Setting(**values | changes))

    return make


def warn(user: User, cycle: int = 1, **changes: Any) -> None:
    values: dict[str, Any] = {"data": {"level": 1, "due_at": now() + timedelta(hours=3)}, "threshold": 75}
    actions.notify(
        "warning.resolution.75",
        stream="declaration:1",
        number="SD-20261122-001",
        recipients=[user],
        cycle=cycle,
        **values | changes,
    )


def rows() -> list[Notification]:
    return list(Notification.objects.exclude(bot=None).order_by("pk"))


# What goes there


def test_the_robot_of_the_department_gets_the_warning_of_its_people(
    https: HttpsHost, made: Maker, user: User, colleague: User
) -> None:
    made()
    warn(user)
    warn(colleague)
    assert actions.deliver_due(now()) == 1
    [(_path, headers, body)] = https.requests
    assert headers["Host"] == "qyapi.weixin.qq.com"
    content = json.loads(body)["markdown"]["content"]
    assert "SD-20261122-001" in content
    assert "in 3 h" in content
    assert "/records/SD-20261122-001/" in content


@pytest.mark.parametrize(
    ("setting", "goes"),
    [
        ({}, True),
        ({"kinds": ["decision"]}, False),
        ({"levels": [2, 3, 4]}, False),
        ({"levels": [1]}, True),
        ({"is_active": False}, False),
    ],
)
def test_kinds_and_levels_say_what_a_robot_gets(made: Maker, user: User, setting: dict[str, Any], goes: bool) -> None:
    made(**setting)
    warn(user)
    assert bool(rows()) is goes


def test_another_department_and_a_contact_reach_no_robot(made: Maker, contact: Any) -> None:
    made(department=Department.objects.create(code="D2", name="二部"))
    other = User.objects.create(username="x", employee_number="9", name="王", department=contact.customer.department)
    warn(other)
    actions.notify("warning", stream="d:1", number="1", recipients=[contact], data={}, channel="email")
    assert rows() == []


def test_nothing_of_the_customer_goes_out(https: HttpsHost, made: Maker, user: User, contact: Any) -> None:
    for product in ("wecom", "dingtalk", "feishu", "webhook"):
        made(product)
    warn(user)
    assert actions.deliver_due(now()) == 4
    sent = " ".join(body.decode() for _path, _headers, body in https.requests)
    for secret in (contact.name, contact.customer.name, "138", user.name):
        assert secret not in sent


# How answers count


@pytest.mark.parametrize("product", ["wecom", "dingtalk", "feishu"])
def test_http_200_with_an_error_code_is_no_delivery(https: HttpsHost, made: Maker, user: User, product: str) -> None:
    made(product)
    warn(user)
    https.answers = [(200, b'{"errcode":-1,"code":-1,"errmsg":"system busy"}')]
    assert actions.deliver_due(now()) == 0
    [row] = rows()
    assert (row.status, row.reason, row.failures) == (Status.FAILED, Reason.TEMPORARY, 1)
    assert "system busy" in row.detail


def test_a_final_code_is_a_dead_letter_and_a_retry_keeps_the_id(
    https: HttpsHost, made: Maker, user: User, admin: Actor, clock: Any
) -> None:
    made("webhook")
    warn(user)
    https.answers = [(410, b"gone"), (204, b"")]
    actions.deliver_due(now())
    [row] = rows()
    assert (row.status, row.reason, row.detail) == (Status.DEAD, Reason.REFUSED, "410 gone")
    actions.retry(row.pk, actor=admin)
    clock.advance(seconds=1)
    assert actions.deliver_due(now()) == 1
    first, second = [headers["webhook-id"] for _path, headers, _body in https.requests]
    assert first == second == row.message_id.partition("@")[0]
    stamps = [headers["webhook-timestamp"] for _path, headers, _body in https.requests]
    assert stamps[0] != stamps[1]


def test_too_fast_blocks_the_robot_and_loses_no_message(https: HttpsHost, made: Maker, user: User, clock: Any) -> None:
    made("dingtalk")
    warn(user, 1)
    warn(user, 2)
    https.answers = [(200, b'{"errcode":130101,"errmsg":"too fast"}'), (200, b'{"errcode":0}')]
    assert actions.deliver_due(now()) == 0
    assert [row.failures for row in rows()] == [0, 0]
    assert {row.next_attempt_at for row in rows()} == {now() + timedelta(seconds=600)}
    clock.advance(seconds=599)
    assert actions.deliver_due(now()) == 0
    clock.advance(seconds=1)
    assert actions.deliver_due(now()) == 2
    assert len(https.requests) == 3


def test_a_wrong_address_in_use_is_final(https: HttpsHost, made: Maker, user: User, settings: Any) -> None:
    made("webhook")
    warn(user)
    settings.WEBHOOK_NETWORKS = []
    actions.deliver_due(now())
    assert [(row.status, row.reason) for row in rows()] == [(Status.DEAD, Reason.FORBIDDEN)]
    assert https.requests == []


def test_a_slow_receiver_delays_nobody(
    https: HttpsHost, made: Maker, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "READ", 0.5)
    made("webhook")
    made("wecom")
    served: list[str] = []

    def answer(handler: Any) -> None:
        if handler.path == "/in":
            time.sleep(1)
            return
        served.append(handler.path)
        handler.send_response(200)
        handler.send_header("Content-Length", "13")
        handler.end_headers()
        handler.wfile.write(b'{"errcode":0}')

    https.answers = [answer]
    for cycle in range(3):
        warn(user, cycle + 1)
    assert actions.deliver_due(now()) == 3
    assert len(served) == 3
    # The slow one was tried once for each message, while the others were served.
    paths = [path for path, _headers, _body in https.requests]
    assert paths.count("/in") == 3
    assert paths[-1] == "/in"
    assert {row.reason for row in rows() if row.bot.product == "webhook"} == {Reason.SLOW}
    assert {row.repeats for row in rows() if row.bot.product == "webhook"} == {1}


def test_a_robot_that_was_switched_off_gets_nothing_more(
    https: HttpsHost, made: Maker, user: User, admin: Actor, department: Department
) -> None:
    bot = made()
    warn(user)
    off = actions.Setting("wecom", department, ["warning"], [1], is_active=False)
    actions.change_bot(bot.pk, actor=admin, version=bot.version, setting=off)
    assert actions.deliver_due(now()) == 0
    assert [(row.status, row.reason) for row in rows()] == [(Status.CANCELLED, Reason.INACTIVE)]


def test_in_the_demonstration_a_push_is_kept_as_a_file(made: Maker, user: User, settings: Any) -> None:
    assert settings.OUTGOING is False
    made()
    warn(user)
    assert actions.deliver_due(now()) == 1
    [row] = rows()
    assert b"SD-20261122-001" in kept_message(row)


# Limits


def test_twenty_a_minute_and_no_more_and_none_is_lost(https: HttpsHost, made: Maker, user: User, clock: Any) -> None:
    made()
    for cycle in range(1, 46):
        warn(user, cycle)
    sent = []
    for _quarter in range(12):
        sent.append(actions.deliver_due(now()))
        clock.advance(seconds=15)
    assert {row.status for row in rows()} == {Status.SENT}
    assert sum(sent) == 45
    assert [count for count in sent if count] == [20, 20, 5]


def test_the_limit_holds_for_all_workers_together(made: Maker, user: User) -> None:
    bot = made()
    for cycle in (1, 2):
        warn(user, cycle)
    first = claim_for(bot.pk)
    assert first is not None
    assert claim_for(bot.pk) is None
    pace = Pace.objects.get(pk=bot.pk)
    assert len(pace.stamps) == 1
    assert pace.busy_until == first.next_attempt_at


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such plans to choose from")
def test_no_plan_of_the_database_takes_more_than_asked(made: Maker, user: User) -> None:
    bot = made()
    for cycle in (1, 2, 3):
        warn(user, cycle)
    run_subqueries_again_for_every_row()
    assert len(claims.claim(("chat",), 1, bot_id=bot.pk)) == 1
    Notification.objects.filter(bot=bot).update(next_attempt_at=now())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_notification SET attempts = 9 WHERE id IN (SELECT id FROM notifications_notification"
            " WHERE next_attempt_at <= %s AND bot_id = %s ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)",
            [now(), bot.pk],
        )
        assert cursor.rowcount > 1, "the plan under which a mere subquery takes too many is not tried any more"


def run_subqueries_again_for_every_row() -> None:
    """What PostgreSQL does by itself where it takes the outbox for short."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_notification")
        for other_way in ("hashagg", "sort", "hashjoin", "mergejoin", "material"):
            cursor.execute(f"SET LOCAL enable_{other_way} = off")


def test_a_worker_that_died_leaves_its_robot_free_after_the_lease(made: Maker, user: User, clock: Any) -> None:
    bot = made()
    warn(user)
    assert claim_for(bot.pk) is not None
    clock.advance(seconds=claims.LEASE.total_seconds())
    again = claim_for(bot.pk)
    assert again is not None
    assert (again.attempts, again.repeats) == (2, 1)


def test_feishu_is_left_alone_at_full_and_half_hours(https: HttpsHost, made: Maker, user: User, clock: Any) -> None:
    made("feishu")
    clock.set(AT.replace(minute=30, second=7))
    warn(user)
    assert actions.deliver_due(now()) == 0
    assert [row.next_attempt_at for row in rows()] == [AT.replace(minute=31)]
    clock.set(AT.replace(minute=31))
    assert actions.deliver_due(now()) == 1


@UNHURRIED
@given(
    st.lists(st.integers(0, 4000), max_size=60),
    st.sampled_from([((20, 60.0),), ((100, 60.0), (5, 1.0)), ((3, 10.0), (2, 1.0))]),
)
def test_no_window_ever_holds_more_than_the_limit(arrivals: list[int], limits: Any) -> None:
    stamps: list[float] = []
    everything: list[float] = []
    at = 0.0
    for arrival in sorted(arrivals):
        at = free_at(stamps, limits, max(at, arrival / 10))
        stamps = [*still_counting(stamps, limits, at), at]
        everything.append(at)
    for count, seconds in limits:
        for early, late in zip(everything, everything[count:], strict=False):
            assert late - early >= seconds - 1e-6


@UNHURRIED
@given(st.integers(0, 200_000))
def test_the_crowded_minutes_are_left_within_a_minute(seconds: int) -> None:
    at = AT + timedelta(seconds=seconds)
    moved = off_the_crowded_minute(at)
    assert moved.minute not in (0, 30)
    assert timedelta() <= moved - at <= timedelta(minutes=1)


# Keeping robots


def test_a_test_message_takes_the_way_of_all_messages(https: HttpsHost, made: Maker, admin: Actor) -> None:
    bot = made()
    assert actions.test_bot(bot.pk, actor=admin).cycle == 1
    assert actions.test_bot(bot.pk, actor=admin).cycle == 2
    assert actions.deliver_due(now()) == 2


def test_a_webhook_needs_a_strong_secret(made: Maker) -> None:
    for secret in ("", "short", "whsec_c2hvcnQ=", "whsec_???"):
        with pytest.raises(Invalid) as refused:
            made("webhook", secret=secret)
        assert set(refused.value.errors) == {"secret"}


def test_only_administrators_keep_robots(made: Maker, user: User) -> None:
    bot = made()
    for act in (
        lambda: actions.test_bot(bot.pk, actor=Actor(user=user)),
        lambda: actions.retry_all(actor=Actor(user=user)),
        lambda: actions.change_bot(
            bot.pk, actor=SYSTEM, version=None, setting=actions.Setting("x", bot.department, ["warning"], [1])
        ),
    ):
        with pytest.raises(NotPermitted):
            act()
