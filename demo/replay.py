"""Replays the thirty declarations in the order of time, each step at its own time, with the sweeps between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from base.clock import set_clock
from demo.models import DemoStep
from demo.playing import Call, Player, Step, sweep_until

Progress = Callable[[int, int], None]


def replay(data: dict[str, Any], progress: Progress) -> int:
    """Carry out every step that has not been carried out yet; how many were.

    A step that is refused is a fault of the data or of the product and raises. Run again, or killed anywhere and run
    again, nothing is done twice. Ends with a sweep at `meta.as_of`.
    """
    steps, player = in_order(data["declarations"]), Player(data["declarations"])
    done = set(DemoStep.objects.values_list("position", flat=True))
    last = steps[0][0]
    for position, (at, call, step) in enumerate(steps, start=1):
        if position not in done:
            sweep_until(at, last)
            with set_clock(at), transaction.atomic():
                player.play(call, step)
                DemoStep.objects.create(position=position, done_at=at)
            progress(position, len(steps))
        last = at
    sweep_until(datetime.fromisoformat(data["meta"]["as_of"]), last)
    return len(steps) - len(done)


def in_order(calls: list[Call]) -> list[tuple[datetime, Call, Step]]:
    """All steps of these declarations by their time."""
    steps = [(datetime.fromisoformat(step["at"]), call, step) for call in calls for step in call["steps"]]
    return sorted(steps, key=lambda each: each[0])
