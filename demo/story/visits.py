"""What has just come in when somebody starts the demonstration: one call at each of the steps that take minutes only.

At any hour the visitor then finds a call that waits for the desk, one to screen, one to grade, one to decide. It goes
on from there as any other, at the next start.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from demo.story import incidents as told
from demo.story.course import Course
from demo.story.courses import quickly
from demo.story.firm import clients
from demo.story.hours import CHINA, later
from demo.story.opening import come_in, relay, screen
from demo.story.others import complained
from demo.story.wording import matter

QUICKLY = timedelta(minutes=30)
Goes = Callable[[Course, datetime], None]


def calls_at(visit: datetime) -> list[dict[str, Any]]:
    """The calls of the last hour before that moment, with all that will become of them."""
    return [_call(visit, number, *each) for number, each in enumerate(CAST, start=1)]


def is_open(at: datetime) -> bool:
    """Whether the firm works just then."""
    return later(at, QUICKLY) - at < 4 * QUICKLY


def _relayed(course: Course, visit: datetime) -> None:
    course.asks(course.matter["subject"], course.matter["body"])
    relay(course)
    course.hold(visit)
    course.do("accept", course.client.desk, (3, 6), any_hour=True, acknowledged=True)
    screen(course, "incident")
    told.classify(course, told.SMALL)
    _go_on(course)


def _accepted(course: Course, visit: datetime) -> None:
    course.asks(course.matter["subject"], course.matter["body"])
    come_in(course, promptly=True)
    course.hold(visit)
    screen(course, "incident", (4, 8))
    told.classify(course, told.SMALL)
    _go_on(course)


def _screened(course: Course, visit: datetime) -> None:
    course.asks(course.matter["subject"], course.matter["body"])
    come_in(course, promptly=True)
    screen(course, "incident")
    course.hold(visit)
    told.classify(course, told.USUAL, (5, 10))
    _go_on(course)


def _undecided(course: Course, visit: datetime) -> None:
    told.begin(course, told.GRAVE, promptly=True)
    told.ask_head(course, "severe", (2, 8))
    course.hold(visit)
    told.start(course)
    told.plan(course, (10, 25))
    told.work_on(course, (60, 160), any_hour=True)
    told.solve(course, (60, 180), any_hour=True)
    told.decide(course, (200, 400))
    told.end(course, decided=True)


def _solved(course: Course, visit: datetime) -> None:
    told.begin(course, told.SMALL, promptly=True)
    quickly(course)
    course.hold(visit)
    told.end(course)


def _handed_over(course: Course, visit: datetime) -> None:
    complained(course, visit)


def _go_on(course: Course) -> None:
    told.start(course)
    told.work_on(course, (8, 20), any_hour=True)
    told.solve(course, (5, 15), any_hour=True)
    told.end(course)


# How it goes, how many minutes before the visit it comes, from whom, and by which way in and outside of hours.
CAST: tuple[tuple[Goes, float, tuple[str, ...], str, str], ...] = (
    (_relayed, 5, ("C01", "C02", "C04", "C06"), "phone", "phone"),
    (_accepted, 12, ("C02", "C05", "C07"), "phone", "monitoring"),
    (_screened, 17, ("C03", "C05", "C07"), "other", "maintenance"),
    (_undecided, 45, ("C02", "C03", "C05", "C07"), "phone", "monitoring"),
    (_solved, 58, ("C03", "C04", "C07"), "phone", "maintenance"),
    (_handed_over, 55, ("C02", "C04", "C06"), "email", "email"),
)


def _call(
    visit: datetime, number: int, goes: Goes, before: float, among: tuple[str, ...], by_day: str, by_night: str
) -> dict[str, Any]:
    ref = f"visit-{visit.astimezone(CHINA):%Y%m%d-%H%M}-{number}"
    rng = Random(f"call {ref}")
    client, channel = rng.choice(among), by_day if is_open(visit) else by_night
    leaf = "EQP-02" if channel in ("monitoring", "maintenance") else rng.choice(("EQP-03", "BIZ-05", "EQP-01"))
    found = matter(rng, client, leaf, "severe" if goes is _undecided else "matters")
    arrived = visit.astimezone(CHINA) - timedelta(minutes=before)
    course = Course(ref, clients()[client], channel, arrived, found)
    goes(course, visit.astimezone(CHINA))
    return course.as_call()
