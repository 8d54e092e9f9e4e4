"""What somebody tries in one transaction, and the record of what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import override

from base.clock import now
from ledger.actions.beside import all_told
from ledger.actions.chains import append
from ledger.actions.once import counting
from ledger.exceptions import AlreadySaved, ClockBehind, Refused
from ledger.models import Entry
from ledger.signature import Signature

log = structlog.get_logger(__name__)
CHINA = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
_inside: ContextVar[bool] = ContextVar("inside_an_attempt", default=False)


Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def again_if_raced(action: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Let an action be tried again where a unique constraint refused it: its own checks then see who was first.

    Two who enter the same number at once both find it free, and the database refuses the second when the first is
    done. Open no transaction around.
    """

    @wraps(action)
    def tried(*args: Given.args, **how: Given.kwargs) -> Answer:
        try:
            return action(*args, **how)
        except IntegrityError:
            return action(*args, **how)

    return tried


@dataclass
class Attempt:
    """What somebody is trying; the body may set each part as soon as it is known better."""

    signature: Signature
    action: str
    stream: str
    clause: str = ""


@contextmanager
def attempt(signature: Signature, *, action: str, stream: str, clause: str = "") -> Iterator[Attempt]:
    """One transaction around several steps, or around checks that come before the first.

    A `Refused` that leaves the outermost attempt is recorded after the roll-back, unless a transaction of the
    caller's is still open and rolls that back too: open none around.
    """
    attempted = Attempt(signature=signature, action=action, stream=stream, clause=clause)
    with attempting(attempted):
        yield attempted


@contextmanager
def attempting(attempted: Attempt) -> Iterator[None]:
    """The transaction of an attempt, and its refusal once the outermost one is rolled back."""
    if _inside.get():
        with transaction.atomic():
            yield
        return
    token = _inside.set(True)
    try:
        with counting(), transaction.atomic(), all_told():
            yield
    except AlreadySaved:
        # Sending a form again tries nothing that was refused.
        raise
    except Refused as refusal:
        record_refusal(attempted.signature, action=attempted.action, stream=attempted.stream, refusal=refusal)
        refusal.is_recorded = True
        raise
    finally:
        _inside.reset(token)


def record_refusal(signature: Signature, *, action: str, stream: str, refusal: Refused) -> None:
    """Write a refusal to the security stream of the day: who, what, why; never what the person typed.

    Call it outside of transactions. After `settings.LEDGER_REFUSALS_PER_MINUTE` (60) of one actor within a minute,
    one entry says that more were dropped, and no other is written until the minute is over.
    """
    limit: int = getattr(settings, "LEDGER_REFUSALS_PER_MINUTE", 60)
    at = now()
    recent = Entry.objects.filter(actor=signature.key, at__gt=at - MINUTE, at__lte=at, stream__startswith="security:")
    count = recent[: limit + 1].count()
    if count > limit:
        return
    payload: dict[str, object] = {"facts": _refusal_facts(action, stream, refusal)}
    if count == limit:
        action, payload = "refusals_dropped", {"facts": {"limit_per_minute": limit}}
    day = at.astimezone(CHINA).date()
    try:
        append(f"security:{day}", signature=signature, action=action, clause=refusal.clause, payload=payload)
    except ClockBehind:
        # The sentence for the person matters more; the log has the true order.
        log.exception("refusal_not_recorded", stream=stream, code=refusal.code)


def _refusal_facts(action: str, stream: str, refusal: Refused) -> dict[str, object]:
    with override("en"):
        return {
            "target": stream,
            "refused": action,
            "code": refusal.code,
            "status": refusal.status,
            "sentence": str(refusal.sentence),
            "fields": sorted(refusal.errors),
            "clauses": [reason.clause for reason in refusal.reasons],
        }
