"""Replays the steps of all declarations in the order of time, each at its own time, with the sweeps between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import SYSTEM, Actor, actor_for, actor_for_contact
from accounts.models import Contact, User
from base.clock import set_clock
from demo.models import DemoStep
from demo.verbs import PLAYS, Scene
from escalation.actions import sweep
from escalation.queries import next_check

Progress = Callable[[int, int], None]


def replay(data: dict[str, Any], progress: Progress) -> int:
    """Carry out every step that has not been carried out yet; how many were.

    A step that is refused is a fault of the data or of the product and raises. Run again, or killed anywhere and run
    again, nothing is done twice. Ends with a sweep at `meta.as_of`.
    """
    steps = list(_in_order(data))
    done = set(DemoStep.objects.values_list("position", flat=True))
    last = steps[0][0]
    for position, (at, call, step) in enumerate(steps, start=1):
        if position not in done:
            _sweep_until(at, last)
            with set_clock(at), transaction.atomic():
                _play(call, step)
                DemoStep.objects.create(position=position, done_at=at)
            progress(position, len(steps))
        last = at
    _sweep_until(datetime.fromisoformat(data["meta"]["as_of"]), last)
    return len(steps) - len(done)


def _in_order(data: dict[str, Any]) -> Iterator[tuple[datetime, dict[str, Any], dict[str, Any]]]:
    steps = [
        (datetime.fromisoformat(step["at"]), call, step) for call in data["declarations"] for step in call["steps"]
    ]
    return iter(sorted(steps, key=lambda each: each[0]))


def _play(call: dict[str, Any], step: dict[str, Any]) -> None:
    scene = Scene(call=call, actor=_actor(step), verb=step["verb"], values=step["values"])
    PLAYS[step["verb"]](scene)


def _actor(step: dict[str, Any]) -> Actor:
    by = step["by"]
    if by == "system":
        return SYSTEM
    if by.startswith("C"):
        via = "mail" if step["values"].get("way") == "email" else "tracking"
        return actor_for_contact(Contact.objects.select_related("customer").get(code=by), via=via)
    return actor_for(User.objects.get(employee_number=by))


def _sweep_until(limit: datetime, since: datetime) -> None:
    """Sweep at each moment between two steps at which a clock is due, as a worker would have done."""
    while (due := next_check()) is not None and due < limit:
        with set_clock(max(due, since)):
            sweep()
