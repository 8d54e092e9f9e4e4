"""Robots and webhooks: one message at a time for each, as fast as its product allows, all of them side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.db import transaction

from base.clock import now
from notifications import http
from notifications.addresses import Forbidden
from notifications.delivery.claims import Result, claim, note
from notifications.delivery.pool import Pool, job
from notifications.delivery.unsent import store
from notifications.models import Bot, Notification, Pace, Reason
from notifications.outcomes import Busy, Later, Never, Outcome, trimmed
from notifications.pacing import free_at, off_the_crowded_minute, still_counting
from notifications.products import PRODUCTS, Call, Product, call_of
from notifications.products.base import encoded
from notifications.sealing import CannotOpen, unseal
from notifications.writing import push

log = structlog.get_logger(__name__)
CHANNELS = (Notification.Channel.CHAT, Notification.Channel.WEBHOOK)
THREADS = 6
LONGEST_RUN = 45.0


def deliver_to_bots() -> int:
    """Send what is due and allowed until nothing is, or the run has lasted long enough; how many were delivered."""
    delivered, ends = 0, monotonic() + LONGEST_RUN
    with Pool(THREADS) as pool:
        for bot_id in _due_bots():
            _give_next(pool, bot_id)
        while pool.busy:
            for result in pool.results():
                delivered += _finish(result)
                if monotonic() < ends and result.row.bot_id is not None:
                    _give_next(pool, result.row.bot_id)
    return delivered


def _due_bots() -> list[int]:
    due = Notification.objects.filter(channel__in=CHANNELS, next_attempt_at__lte=now()).exclude(reason=Reason.WITHDRAWN)
    return [key for key in due.order_by("bot").values_list("bot", flat=True).distinct() if key is not None]


def _give_next(pool: Pool, bot_id: int) -> None:
    row = claim_for(bot_id)
    if row is not None:
        pool.submit(job(row, _sending(row)))


def claim_for(bot_id: int) -> Notification | None:
    """Take one message for the robot and note its place in the limit, unless another worker is sending to it.

    When the limit is reached, all that waits for this robot is put off to the moment at which it is free again.
    """
    with transaction.atomic():
        pace = Pace.objects.select_for_update(skip_locked=True).filter(pk=bot_id).first()
        if pace is None or (pace.busy_until is not None and pace.busy_until > now()):
            return None
        product, at = PRODUCTS[Bot.objects.values_list("product", flat=True).get(pk=bot_id)], now()
        free = _free(pace, product, at)
        if free > at:
            _put_off(bot_id, at, free)
            return None
        return _take(pace, product, at)


def _free(pace: Pace, product: Product, at: datetime) -> datetime:
    soonest = datetime.fromtimestamp(free_at(pace.stamps, product.limits, at.timestamp()), UTC)
    free = max(soonest, pace.blocked_until or at, at)
    return off_the_crowded_minute(free) if product.avoids_full_hours else free


def _put_off(bot_id: int, at: datetime, until: datetime) -> None:
    waiting = Notification.objects.filter(bot=bot_id, next_attempt_at__lte=at, claimed_at=None)
    waiting.update(next_attempt_at=until)


def _take(pace: Pace, product: Product, at: datetime) -> Notification | None:
    rows = claim(CHANNELS, 1, bot_id=pace.pk)
    if not rows:
        return None
    # The place counts from the last moment at which the message can arrive; `_finish` knows better.
    pace.stamps = [*still_counting(pace.stamps, product.limits, at.timestamp()), at.timestamp() + http.TOTAL]
    pace.busy_until = rows[0].next_attempt_at
    pace.save(update_fields=["stamps", "busy_until"])
    return rows[0]


def _finish(result: Result) -> int:
    """Note how it ended and give the robot free, unless another worker has it by now."""
    with transaction.atomic():
        delivered = note([result])
        pace = Pace.objects.select_for_update().get(pk=result.row.bot_id)
        if pace.busy_until == result.row.next_attempt_at:
            pace.busy_until = None
            pace.stamps = [*pace.stamps[:-1], now().timestamp()]
            if isinstance(result.outcome, Busy):
                pace.blocked_until = now() + timedelta(seconds=result.outcome.seconds)
            pace.save(update_fields=["stamps", "busy_until", "blocked_until"])
    return delivered


def _sending(row: Notification) -> Callable[[], Outcome]:
    bot = row.bot
    if bot is None or not bot.is_active:
        return lambda: Never(Reason.INACTIVE)
    try:
        call = call_of(bot.product, unseal(bot.sealed_address), unseal(bot.sealed_secret), push(row), now())
    except CannotOpen:
        return lambda: Never(Reason.SEALED)
    except Exception:
        log.exception("push_not_written", notification=row.pk)
        return lambda: Never(Reason.UNWORDED)
    if not settings.OUTGOING:
        return lambda: store(row, encoded({"to": bot.host, "body": call.body.decode()}), "json")
    return lambda: _post(call, PRODUCTS[bot.product])


def _post(call: Call, product: Product) -> Outcome:
    try:
        return product.outcome(http.post(call.url, body=call.body, headers=call.headers))
    except Forbidden as error:
        return Never(Reason.FORBIDDEN, trimmed(error))
    except http.Unreachable as error:
        return Later(Reason.UNREACHABLE, trimmed(error))
    except http.NoAnswer as error:
        return Later(Reason.SLOW, trimmed(error), doubtful=True)
