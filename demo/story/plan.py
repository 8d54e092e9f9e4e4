"""What happens at the firm on a day: a pure function of the date, the same whenever the story was begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from demo.story import courses, others
from demo.story.course import Course
from demo.story.firm import clients
from demo.story.hours import CHINA, at_clock, is_working_day, next_with, ordinal
from demo.story.wording import matter

Span = tuple[float, float]
FEWEST, MOST = 8, 9
# At which minute of its day the call comes that will be late.
LATE_CALL = 300
SERVED = ("C01", "C02", "C03", "C04", "C05", "C06", "C07")
# Who has no times of their own in the contract: what takes days is not late over a holiday.
PATIENT = ("C02", "C03", "C05", "C07")
# Whose desk is the duty desk too, which takes the calls of strangers.
ON_DUTY = ("C01", "C04", "C06", "C07")
# What each customer calls about again and again.
WORRIES = {
    "C01": ("EQP-02", "BIZ-01"),
    "C02": ("STAFF-03", "BIZ-04"),
    "C03": ("EQP-02", "BIZ-01"),
    "C04": ("EQP-01", "BIZ-01"),
    "C05": ("EQP-02", "STAFF-03"),
    "C06": ("EQP-01", "STAFF-01"),
    "C07": ("BIZ-04", "EQP-02"),
}
LEAVES = (
    *("BIZ-01", "EQP-01", "STAFF-03", "BIZ-03", "EQP-03", "STAFF-01", "BIZ-05"),
    *("BIZ-02", "EQP-02", "STAFF-02", "BIZ-04", "STAFF-05", "STAFF-04"),
)
CHANNELS = ("phone",) * 10 + ("email",) * 5 + ("other",) * 3 + ("fax", "letter")
EQUIPMENT = ("phone", "phone", "monitoring", "monitoring", "maintenance", "email")


@dataclass(frozen=True)
class Kind:
    """A call that a day brings: how it goes, at which minutes of working time it comes, from whom, of which texts."""

    goes: Callable[[Course], None]
    comes: Span
    among: tuple[str, ...] = SERVED
    texts: str = "matters"


SMALL = Kind(courses.small, (5, 425))
OFF_DAYS = Kind(courses.small, (0, 0), ("C05", "C06", "C07"))


def calls_of(day: date) -> list[dict[str, Any]]:
    """The calls of the day with all that becomes of them, in the order in which they come in."""
    kinds = _kinds(day) if is_working_day(day) else _of_day_off(day)
    planned = [_planned(day, number, kind) for number, kind in enumerate(kinds, start=1)]
    return sorted(planned, key=lambda call: str(call["steps"][0]["at"]))


def _kinds(day: date) -> list[Kind]:
    """What comes on a working day; small incidents fill it up."""
    number = ordinal(day)
    found = [*_every_day(number), *_now_and_then(number), *_weekly(number, day)]
    wanted = _rng("kinds", day).randint(FEWEST, MOST)
    return found + [SMALL] * max(wanted - len(found), 2)


def _every_day(number: int) -> Iterator[Kind]:
    yield Kind(lambda course: others.demand(course, declined=number % 5 == 4), (15, 75), texts="")
    waits = number % 2 == 0
    yield Kind(lambda course: courses.usual(course, waits=waits), (20, 180), (*PATIENT, "C04"))
    if number % 4:
        yield Kind(others.invalid, (10, 430), ON_DUTY, texts="")


def _now_and_then(number: int) -> Iterator[Kind]:
    if number % 2:
        yield Kind(courses.urgent, (10, 200))
    if number % 3 == 1:
        yield Kind(lambda course: courses.grave(course, lasting=False), (30, 220), texts="severe")
    if number % 3 == 2:
        yield Kind(courses.everyday, (20, 380))
    if number % 7 == 2:
        yield Kind(lambda course: courses.grave(course, lasting=True), (30, 220), texts="severe")
    if number % 9 == 5:
        yield Kind(courses.taken_back, (30, 400))
    if number % 17 == 3:
        yield Kind(courses.worst, (10, 200), texts="severe")


def _weekly(number: int, day: date) -> Iterator[Kind]:
    if number % 5 in (0, 2):
        yield Kind(others.complaint, (20, 260), texts="")
    if number % 5 == 1:
        yield Kind(others.security, (20, 260), texts="")
    if number % 10 == 3:
        yield Kind(others.lapsed, (20, 260), ("C08",), texts="")
    if number % 10 == 8:
        yield Kind(others.stranger, (20, 260), ON_DUTY, texts="")
    if number % 5 == 0:
        # The next one is late when this one gets done: there is always one.
        until = _late_call(next_with(day, 0, 5)) + timedelta(hours=72)
        yield Kind(lambda course: courses.late(course, until=until), (LATE_CALL, LATE_CALL), PATIENT)


def _late_call(day: date) -> datetime:
    return at_clock(day, LATE_CALL)


def _of_day_off(day: date) -> list[Kind]:
    """Machines know no holiday."""
    return [OFF_DAYS] if _rng("kinds", day).random() < 0.4 else []


def _planned(day: date, number: int, kind: Kind) -> dict[str, Any]:
    ref = f"{day:%Y%m%d}-{number:02}"
    rng = _rng("call", ref)
    client = rng.choice(kind.among)
    if kind is OFF_DAYS:
        arrived = datetime(day.year, day.month, day.day, rng.randint(7, 21), rng.randint(0, 59), tzinfo=CHINA)
        leaf, channel = "EQP-02", "monitoring"
    else:
        arrived, leaf = at_clock(day, rng.uniform(*kind.comes)), _leaf(rng, client, ordinal(day), number)
        channel = _channel(rng, leaf, kind)
    found = matter(rng, client, leaf, kind.texts) if kind.texts else {}
    course = Course(ref, clients()[client], channel, arrived, found)
    kind.goes(course)
    return course.as_call()


def _leaf(rng: Random, client: str, day: int, number: int) -> str:
    """What the customer keeps calling about, else one category after the other."""
    if client in WORRIES and rng.random() < 0.5:
        return rng.choice(WORRIES[client])
    return LEAVES[(day * 5 + number * 3 + int(client[1:])) % len(LEAVES)]


def _channel(rng: Random, leaf: str, kind: Kind) -> str:
    if kind.goes is others.stranger:
        return "phone"
    return rng.choice(EQUIPMENT if kind.texts == "matters" and leaf.startswith("EQP") else CHANNELS)


def _rng(*seed: object) -> Random:
    return Random(" ".join(map(str, seed)))
