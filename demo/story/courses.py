"""The kinds of incidents that a day of the firm brings, each from its arrival to its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from demo.story import incidents as told
from demo.story.course import Course
from demo.story.hours import later
from demo.story.opening import come_in, screen


def small(course: Course) -> None:
    """Solved at the first contact, by telephone or mail."""
    grade = course.rng.choice((told.SMALL, told.SMALL, told.PRESSING))
    relayed = course.channel == "phone" and course.client.relayer() is not None and course.chance(0.15)
    told.begin(course, grade, relayed=relayed)
    quickly(course)
    told.end(course)


def quickly(course: Course) -> None:
    """The quick solve, told by telephone or mail."""
    told.look_up(course)
    course.do(
        "quick_solve",
        course.client.desk,
        (6, 26),
        any_hour=True,
        solution=course.say(course.matter["solution"]),
        means=course.way() if course.way() in ("phone", "email") else "phone",
        told_to={"contact": course.whom(), "way": course.way()},
    )


def everyday(course: Course) -> None:
    """Level 4 that takes some steps, done within the hour."""
    told.begin(course, told.EVERYDAY)
    told.start(course)
    told.work_on(course, (6, 14), any_hour=True)
    told.solve(course, (3, 8), any_hour=True)
    told.end(course)


def usual(course: Course, *, waits: bool) -> None:
    """Level 3, some days of work; every other one waits for the customer in between."""
    told.begin(course, told.USUAL)
    told.start(course)
    told.work_on(course, (60, 200))
    if waits:
        told.wait(course, (20, 60), (1120, 1270))
    else:
        told.tell(course, (300, 450))
    told.solve(course, (150, 330))
    if course.chance(0.08):
        told.reject(course, (60, 160))
        told.work_on(course, (30, 100))
        told.solve(course, (30, 90))
    told.end(course)


def urgent(course: Course) -> None:
    """Level 2, planned and solved the same day."""
    told.begin(course, told.URGENT)
    told.start(course)
    told.plan(course, (8, 20))
    told.tell(course, (30, 70), any_hour=True)
    told.work_on(course, (60, 120), any_hour=True)
    told.solve(course, (20, 90), any_hour=True)
    told.end(course)


def grave(course: Course, *, lasting: bool) -> None:
    """Severe for the customer: asked of the head at once, decided on the next day."""
    told.begin(course, told.LASTING if lasting else told.GRAVE)
    told.ask_head(course, "severe")
    told.start(course)
    told.plan(course, (10, 25))
    told.work_on(course, (60, 160), any_hour=True)
    told.solve(course, (60, 180), any_hour=True)
    told.decide(course, (300, 420))
    told.end(course, decided=True)
    if course.chance(0.2):
        told.review(course, ["severe"], finds=course.chance(0.4))


def worst(course: Course) -> None:
    """Level 1: reported up at once; the head takes over and the desk keeps the customer informed."""
    told.begin(course, told.WORST)
    reason, answer = course.pick("reports"), course.pick("answers")
    head = course.client.head
    course.do("report_up", course.client.desk, (2, 5), any_hour=True, reason=reason, desk_cannot_solve=True)
    told.start(course)
    course.do("take_over", head, (3, 9), any_hour=True, answer=answer)
    told.plan(course, (5, 12))
    told.ask_head(course, "severe", (5, 15))
    told.tell(course, (20, 40), any_hour=True)
    told.work_on(course, (20, 50), any_hour=True)
    told.solve(course, (15, 40), any_hour=True)
    told.decide(course, (120, 260))
    told.end(course, decided=True)
    told.review(course, ["level_1", "severe"], finds=False)


def late(course: Course, *, until: datetime) -> None:
    """Level 2 that nobody gets done in time: foreseen, missed, and finished when the next one is late already."""
    told.begin(course, told.URGENT)
    told.start(course)
    told.plan(course, (20, 60))
    told.work_on(course, (100, 300))
    told.warn_of_trend(course, (600, 900), course.arrived + timedelta(days=4))
    told.tell(course, (300, 600))
    course.hold(later(until, timedelta(minutes=20)))
    told.work_on(course, (5, 20))
    told.solve(course, (10, 40))
    told.end(course)
    told.review(course, ["breached_resolution"], finds=True)


def taken_back(course: Course) -> None:
    """The customer has helped himself before it was graded."""
    course.asks(course.matter["subject"], course.matter["body"])
    come_in(course)
    screen(course, "incident")
    words = course.pick("withdrawals")
    course.do("withdraw", course.client.desk, (10, 40), any_hour=True, who=course.contact["name"], how=words)
