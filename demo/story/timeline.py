"""Every step that has to be played to bring the story up to an instant, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from demo.playing import Call, Step
from demo.replay import in_order
from demo.story.firm import read_data, texts
from demo.story.hours import CHINA
from demo.story.plan import calls_of
from demo.story.upkeep import upkeep
from demo.story.visits import calls_at

# What a first visitor finds behind the open declarations.
WEEKS = timedelta(weeks=12)
# No call takes longer than this to its last step, holidays and the review included.
LONGEST = timedelta(days=60)


@dataclass(frozen=True)
class Moment:
    """A step at its time; `position` is its number among those of the thirty, 0 for all others."""

    at: datetime
    call: Call
    step: Step
    position: int = 0


@dataclass(frozen=True)
class Played:
    """What there is already: up to when the story is told, and from when on an entry can be dated."""

    reached: datetime | None
    open_from: datetime | None
    positions: frozenset[int]

    def has_passed(self, at: datetime) -> bool:
        """Whether nothing can begin at that instant any more."""
        return any(limit is not None and at <= limit for limit in (self.reached, self.open_from))


def moments(played: Played, until: datetime, visits: list[datetime]) -> list[Moment]:
    """Every step after what was played. A step of a call that never began is among them as well."""
    found = [*_of_the_thirty(played), *_of(upkeep()), *_of(_planned(played, until)), *_of(_visited(visits))]
    wanted = (each for each in found if each.at <= until and (played.reached is None or each.at > played.reached))
    return sorted(wanted, key=lambda each: (each.at, each.call["ref"]))


def _of_the_thirty(played: Played) -> Iterator[Moment]:
    for position, (at, call, step) in enumerate(in_order(read_data()["declarations"]), start=1):
        if position not in played.positions:
            yield Moment(at, call, step, position)
    calls = {call["ref"]: call for call in read_data()["declarations"]}
    for afterwards in texts("afterwards.json"):
        yield from _of([{**calls[afterwards["ref"]], **afterwards}])


def _planned(played: Played, until: datetime) -> Iterator[dict[str, Any]]:
    since = until - WEEKS
    day = _day(min(since, played.reached - LONGEST) if played.reached else since)
    while day <= _day(until):
        yield from (call for call in calls_of(day) if _is_told(call, played, since))
        day += timedelta(days=1)


def _is_told(call: dict[str, Any], played: Played, since: datetime) -> bool:
    """What lies between an earlier visit and the last weeks is not told: the desk was closed."""
    begins = datetime.fromisoformat(call["steps"][0]["at"])
    return begins >= since or (played.reached is not None and begins <= played.reached)


def _visited(visits: list[datetime]) -> Iterator[dict[str, Any]]:
    for visit in visits:
        yield from calls_at(visit)


def _of(calls: Any) -> Iterator[Moment]:
    for call in calls:
        for step in call["steps"]:
            yield Moment(datetime.fromisoformat(step["at"]), call, step)


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()
