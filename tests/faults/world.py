"""A firm, and incidents of it whose thresholds come due, made by the desk's own actions.

python -m tests.faults.world firm              everybody, with customers and contracts
python -m tests.faults.world due COUNT         so many incidents, each with a threshold passed a minute ago
python -m tests.faults.world stream SECONDS    one each SECONDS, due as soon as it is there, until it is ended
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import Error, connection  # noqa: E402

from accounts.models import User  # noqa: E402
from base.clock import now, set_clock  # noqa: E402
from incidents.actions import Call  # noqa: E402
from incidents.models import Declaration  # noqa: E402
from notifications.kinds import Kind  # noqa: E402
from notifications.models import Notification, Preference  # noqa: E402
from tests import scenes  # noqa: E402
from tests.faults.figures import LISTENERS, THRESHOLDS, TIME_LIMIT  # noqa: E402
from tests.firm import open_firm  # noqa: E402

TAKES, LATER = timedelta(seconds=1), 3
thresholds = cycle(THRESHOLDS)


@dataclass(frozen=True)
class Afterwards(scenes.Scene):
    """What was received some time ago and is registered now, so that no entry is dated before what has been sealed."""

    received_at: datetime = field(kw_only=True)

    def call(self, **changes: Any) -> Call:
        return super().call(received_at=self.received_at, late_reason="补录", **changes)


def firm() -> None:
    """Two of its people hear of warnings by mail too."""
    with set_clock(now() - timedelta(days=3)):
        open_firm()
    channel = Notification.Channel.EMAIL
    for person in User.objects.filter(employee_number__in=LISTENERS):
        Preference.objects.create(user=person, kind=Kind.WARNING, channel=channel, wanted=True)


def incident(reached: datetime) -> Declaration:
    """A severe one, which has 24 hours by the clock and no quiet hours, at one of its thresholds at that moment."""
    received_at = reached - TIME_LIMIT * next(thresholds) / 100
    made = Afterwards(received_at=received_at).in_progress("severe", "high")
    assert made.resolution_clock.due_at - made.resolution_clock.started_at == TIME_LIMIT
    return made


def due(count: int) -> None:
    for _ in range(count):
        incident(now() - timedelta(minutes=1))


def stream(seconds: float) -> None:
    """A database that is away, or that loses what was just said, is tried again.

    An incident is due when it has been made: the more time the last one took, the later the next.
    """
    takes = TAKES
    while True:
        began = time.monotonic()
        try:
            incident(now() + takes)
        except (Error, Declaration.DoesNotExist):
            connection.close()
        takes = max(TAKES, timedelta(seconds=LATER * (time.monotonic() - began)))
        time.sleep(seconds)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["firm"]:
            firm()
        case ["due", count]:
            due(int(count))
        case ["stream", seconds]:
            stream(float(seconds))
