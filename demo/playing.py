"""Plays the steps of declarations through the actions, each in the name of whoever takes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.actors import SYSTEM, Actor, actor_for, actor_for_contact, local_day
from accounts.models import Contact, User
from base.clock import now, set_clock
from demo.verbs import PLAYS, Scene
from escalation.actions import sweep
from escalation.queries import next_check
from incidents.actions.keys import key_of
from incidents.models import Declaration

Call = dict[str, Any]
Step = dict[str, Any]


class Player:
    """Remembers the people of a week and the declarations that it met, so that it asks for each of them once."""

    def __init__(self, calls: Iterable[Call]) -> None:
        self._calls: dict[str, Call] = {}
        for call in calls:
            self._calls.setdefault(call["ref"], call)
        self._actors: dict[tuple[str, str, tuple[int, int]], Actor] = {}
        self._found: dict[str, int] = {}

    def play(self, call: Call, step: Step) -> None:
        """Take the step at the time that the clock shows. Whatever its action refuses is raised."""
        PLAYS[step["verb"]](Scene(call, self._actor(step), step["verb"], step["values"], self.find))

    def find(self, ref: str) -> int:
        """The declaration that this call has become."""
        if ref not in self._found:
            self._found[ref] = Declaration.objects.values_list("pk", flat=True).get(idempotency_key=self.key(ref))
        return self._found[ref]

    def key(self, ref: str) -> str | None:
        """By what the declaration of this call is known: its number depends on how many others there were that day."""
        return key_of(self._actor(self._calls[ref]["steps"][0]), f"demo:{ref}")

    def _actor(self, step: Step) -> Actor:
        by, week = step["by"], local_day(now()).isocalendar()[:2]
        via = "mail" if by.startswith("C") and step["values"].get("way") == "email" else "tracking"
        known = (by, via, week)
        if known not in self._actors:
            self._actors[known] = _actor(by, via)
        return self._actors[known]


def _actor(by: str, via: str) -> Actor:
    if by == "system":
        return SYSTEM
    if by.startswith("C"):
        return actor_for_contact(Contact.objects.select_related("customer").get(code=by), via=via)
    return actor_for(User.objects.get(employee_number=by))


def sweep_until(limit: datetime, since: datetime) -> datetime | None:
    """Sweep at each moment between two steps at which a clock is due, as a worker would have done; when one is next."""
    while (due := next_check()) is not None and due < limit:
        with set_clock(max(due, since)):
            sweep()
    return due
