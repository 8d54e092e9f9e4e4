"""Lets the firm work on until now: the thirty declarations and the plan of its days, in one order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max

from accounts.actors import SYSTEM, Actor, local_day
from accounts.models import User
from base.clock import now, set_clock
from demo.models import DemoStep, StoryPoint, Visit
from demo.playing import Player, sweep_until
from demo.replay import Progress
from demo.story.conditions import is_wanted
from demo.story.firm import read_data
from demo.story.hours import worked
from demo.story.timeline import LONGEST, Moment, Played, moments
from escalation.actions import learn_trend
from incidents.models import Declaration
from knowledge.actions import expire_overdue
from ledger.models import Entry
from ledger.queries import last_checkpoint
from notifications.actions import mark_all_seen
from sla.actions import import_public_holidays
from sla.queries import default_calendar

log = structlog.get_logger(__name__)
# Within an hour of work the calls of the last visit still stand where they stood.
SAME_VISIT = 60
# Nothing that a step starts is due sooner, so nobody asks again before.
SOONEST = timedelta(minutes=4)


@dataclass
class Told:
    """What was played now, and the calls that were left to the visitors who had changed them."""

    steps: int = 0
    left: set[str] = field(default_factory=set)


def tell(until: datetime, progress: Progress) -> Told:
    """Bring the story up to `until`; run again, or killed anywhere and run again, no step is taken twice.

    On a desk that has been open meanwhile, what visitors did stands: what lay in that time is caught up with
    afterwards, no new call begins in it, and a declaration whose next step is refused is left to them. On a desk that
    nobody has used yet a step that is refused is a fault and raises.
    """
    _plan_years(until.year)
    played = _played()
    found = moments(played, until, _visits(until))
    teller = _Teller(played, found)
    for number, moment in enumerate(found, start=1):
        teller.take(moment)
        progress(number, len(found))
    teller.finish(until)
    return teller.told


class _Teller:
    """Takes the moments one by one, with the sweeps between them."""

    def __init__(self, played: Played, found: list[Moment]) -> None:
        self.played, self.told = played, Told()
        self.player = Player([*read_data()["declarations"], *(moment.call for moment in found)])
        self.last = played.open_from or played.reached
        self.idle_until: datetime | None = None
        self.begun = set(Declaration.objects.values_list("idempotency_key", flat=True))

    def take(self, moment: Moment) -> None:
        """Take one step, if the declaration is there and wants it."""
        at = max(moment.at, self.last or moment.at)
        with set_clock(at):
            is_due = self._is_due(moment)
        if is_due:
            self._go_to(at)
            with set_clock(at):
                self._play(moment)

    def finish(self, until: datetime) -> None:
        """What is due until then, and what was learnt from all of it."""
        at = max(until, self.last or until)
        self._go_to(at)
        with set_clock(at):
            learn_trend(again=True)
            _reach(until)

    def _go_to(self, at: datetime) -> None:
        last, self.last = self.last or at, at
        if self.idle_until is None or at > self.idle_until:
            due = sweep_until(at, last)
            self.idle_until = min(filter(None, (due, at + SOONEST)))
        if local_day(last) != local_day(at):
            with set_clock(at):
                _read_bells(until=last)
        if _week(last) != _week(at):
            with set_clock(at):
                learn_trend()
                expire_overdue(at)

    def _is_due(self, moment: Moment) -> bool:
        call, verb = moment.call, moment.step["verb"]
        if call["ref"] in self.told.left:
            return False
        if "subject" not in call or moment.position:
            return True
        if moment.step is call["steps"][0] and verb in ("accept", "relay"):
            return not self.played.has_passed(moment.at)
        if self.player.key(call["ref"]) not in self.begun:
            return False
        return is_wanted(verb, lambda: self.player.find(call["ref"]))

    def _play(self, moment: Moment) -> None:
        try:
            with transaction.atomic():
                self.player.play(moment.call, moment.step)
                if moment.position:
                    DemoStep.objects.create(position=moment.position, done_at=now())
                _reach(moment.at)
        except Exception:
            # A visitor may have done anything, and the desk has to open all the same.
            if self.played.open_from is None:
                raise
            log.warning("story_left_alone", call=moment.call["ref"], step=moment.step["verb"], exc_info=True)
            self.told.left.add(moment.call["ref"])
            return
        self.told.steps += 1
        if "subject" in moment.call:
            self.begun.add(self.player.key(moment.call["ref"]))


def _read_bells(until: datetime) -> None:
    """Whoever works here reads at the end of a day what the bell told."""
    for user in User.objects.filter(is_active=True):
        mark_all_seen(Actor(user), up_to=until)


def _week(at: datetime) -> tuple[int, int]:
    year, week, _day = local_day(at).isocalendar()
    return year, week


def _played() -> Played:
    point = StoryPoint.objects.first()
    return Played(
        reached=point.reached if point else None,
        open_from=_open_from(),
        positions=frozenset(DemoStep.objects.values_list("position", flat=True)),
    )


def _open_from() -> datetime | None:
    """Nothing can be dated before what has been sealed, or before what a visitor did last."""
    sealed = last_checkpoint()
    if sealed is None:
        return None
    newest = Entry.objects.filter(stream__startswith="declaration:").aggregate(at=Max("at"))["at"]
    return max(filter(None, (sealed.at, newest)))


def _reach(at: datetime) -> None:
    if not StoryPoint.objects.update(reached=at):
        StoryPoint.objects.create(reached=at)


def _visits(until: datetime) -> list[datetime]:
    """When the demonstration was started lately, and now."""
    last = Visit.objects.order_by("at").last()
    if last is None or worked(last.at, until) > SAME_VISIT:
        Visit.objects.get_or_create(at=until)
    recent: Iterable[datetime] = Visit.objects.filter(at__gt=until - LONGEST).values_list("at", flat=True)
    return list(recent)


def _plan_years(year: int) -> None:
    """The holidays of this year and the next, where the calendar lacks them: the plan goes by the same."""
    calendar = default_calendar()
    for each in (year, year + 1):
        if str(each) not in calendar.years:
            calendar = import_public_holidays(calendar, each, actor=SYSTEM)
