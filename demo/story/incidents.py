"""What becomes of an incident: graded, handled, escalated where it has to be, solved, confirmed, closed and filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from demo.story.course import Course, Span
from demo.story.firm import AUDITOR, PROBLEMS, RISK_CONTROL
from demo.story.opening import SHORTLY, come_in, screen
from demo.story.wording import other

SCORES = (5, 5, 5, 4, 4, 4, 4, 3, 3, 2, None, None)
REASONS = {"severe": "why_severe", "repeat": "why_repeat"}
CABINETS = {"D1": "一部档案柜 A", "D2": "二部档案柜 B", "D3": "三部档案柜 C"}


@dataclass(frozen=True)
class Grade:
    """Impact and urgency, and which of the reasons the desk writes down for them."""

    impact: str
    urgency: str
    basis: str


SMALL = Grade("minor", "low", "minor")
PRESSING = Grade("minor", "high", "minor")
EVERYDAY = Grade("moderate", "low", "minor")
USUAL = Grade("moderate", "medium", "medium")
URGENT = Grade("moderate", "high", "high")
GRAVE = Grade("severe", "medium", "severe")
LASTING = Grade("severe", "low", "severe")
WORST = Grade("severe", "high", "severe")


def begin(course: Course, grade: Grade, *, relayed: bool = False, promptly: bool = False) -> None:
    """Up to the grading: from here on the time to solve it runs."""
    course.asks(course.matter["subject"], course.matter["body"])
    come_in(course, relayed=relayed, promptly=promptly)
    screen(course, "incident")
    classify(course, grade)


def classify(course: Course, grade: Grade, after: Span = SHORTLY) -> None:
    """The desk grades it, with the reason."""
    course.do(
        "classify",
        course.client.desk,
        after,
        any_hour=True,
        leaf=course.matter["leaf"],
        impact=grade.impact,
        urgency=grade.urgency,
        grading_basis=course.pick("basis", grade.basis),
    )


def look_up(course: Course, after: Span = SHORTLY) -> None:
    """What the contract says, and what is known already."""
    if course.client.has_notes:
        course.do("confirm_contract_notes", course.client.desk, (0.5, 1), any_hour=True)
    fitting: dict[str, Any] = {"result": "none_fits", "reason": course.pick("none_fits")}
    if course.matter["article"] and course.chance(0.85):
        fitting = {"result": "adopt", "article": course.matter["article"]}
    course.do("look_up", course.client.desk, after, any_hour=True, query=course.say(course.matter["query"]), **fitting)


def start(course: Course) -> None:
    """The handling begins."""
    look_up(course)
    course.do("start", course.client.desk, (1, 3), any_hour=True)


def work_on(course: Course, after: Span, *, any_hour: bool = False) -> None:
    """What was done, and what came of it."""
    done, found = course.say(course.matter["done"]), course.say(course.matter["found"])
    course.do("log_handling", course.client.desk, after, any_hour=any_hour, what=done, result=found)


def tell(course: Course, after: Span, *, any_hour: bool = False) -> None:
    """How far it is, to the customer."""
    words = course.pick("news")
    course.do(
        "communicate", course.client.desk, after, any_hour=any_hour, way=course.way(), to=course.whom(), text=words
    )


def solve(course: Course, after: Span, *, any_hour: bool = False) -> None:
    """It works again, and the customer knows."""
    course.do(
        "resolve",
        course.client.desk,
        after,
        any_hour=any_hour,
        cause=course.say(course.matter["cause"]),
        solution=course.say(course.matter["solution"]),
        solution_kind="workaround" if course.chance(0.2) else "permanent",
        supporters=[course.client.custodian] if course.chance(0.4) else "none",
        told_to={"contact": course.whom(), "way": course.way()},
    )


def ask_head(course: Course, reason: str, after: Span = (5, 20), *, any_hour: bool = True) -> None:
    """The request that a severe or repeated incident asks for (clause 5.4.5)."""
    course.do(
        "request_escalation",
        course.client.desk,
        after,
        any_hour=any_hour,
        trigger="",
        reason=course.pick("escalation", REASONS[reason]),
    )


def decide(course: Course, after: Span) -> None:
    """The head decides, risk control countersigns, problem management signs for what it gets."""
    verdict = "refused" if course.chance(0.2) else "approved"
    reason = course.pick("escalation", verdict)
    course.do("decide_escalation", course.client.head, after, decision=verdict, reason=reason)
    opinion = course.pick("escalation", "signed")
    course.do("countersign", RISK_CONTROL, (30, 150), result="countersigned", opinion=opinion)
    course.do("acknowledge_problem", PROBLEMS, (20, 90), problem=f"WT-{course.arrived:%m%d}-{course.ref[-2:]}")


def confirm(course: Course, after: Span) -> None:
    """The customer's word, and where it was late the reason why."""
    contact = course.contact if course.contact["authorised_to_confirm"] else course.client.entitled()[0]
    way = "signed_scan" if course.client.wants_paper else course.rng.choice(("link", "phone", "phone", "email"))
    by = contact["id"] if way == "link" else course.client.desk
    opinion, score = course.pick("opinion"), course.rng.choice(SCORES)
    course.do("state_breach_reason", course.client.desk, after, reason=course.pick("late"))
    course.do("confirm", by, (2, 15), contact=contact["id"], way=way, opinion=opinion, satisfaction=score)


def close(course: Course, after: Span = (5, 40)) -> None:
    """The desk completes the record where nothing stands open."""
    course.do("close", course.client.desk, after)


def file(course: Course) -> None:
    """The custodian takes it."""
    place = f"{CABINETS[course.client.department]}-{course.arrived:%m} 卷 {course.rng.randint(1, 4)}"
    course.do("file", course.client.custodian, (400, 900), paper_place=place)


def end(course: Course, *, decided: bool = False) -> None:
    """From the solution to the cabinet. What turns out to be a repeat is decided before it is closed."""
    if not decided:
        ask_head(course, "repeat")
    confirm(course, (70, 150))
    if not decided:
        close(course)
        decide(course, (120, 300))
    close(course)
    file(course)


def review(course: Course, reasons: list[str], *, finds: bool) -> None:
    """The auditor reads the filed record, clause by clause (clause 6)."""
    clauses = ("5.3", "5.4.1", "5.4.2", "5.4.3", "5.4.4", "5.4.5", "5.4.6", "5.4.7", "5.5", "7")
    verdicts = {clause: "not_met" if finds and clause == "5.4.6" else "met" for clause in clauses}
    noted = {"not_met": other("finding", "note"), "met": ""}
    course.do(
        "review",
        AUDITOR,
        (900, 2200),
        sample_reason=reasons,
        conclusions=[{"clause": key, "conclusion": told, "note": noted[told]} for key, told in verdicts.items()],
        findings=[_finding(course)] if finds else [],
    )
    if finds:
        _correct(course)


def _correct(course: Course) -> None:
    words = {key: other("finding", key) for key in ("cause", "action", "correction")}
    course.do("correct_finding", course.client.desk, (1000, 2600), **words)
    course.do("verify_finding", AUDITOR, (400, 1300))


def _finding(course: Course) -> dict[str, Any]:
    words = other("finding")
    return {
        "clause": "5.4.6",
        "text": words["text"],
        "owner": course.client.desk,
        "cause": words["cause"],
        "action": words["action"],
        "due_in_days": 30,
    }


def reject(course: Course, after: Span) -> None:
    """It is not solved after all: the same clock goes on."""
    reason = course.pick("rejections")
    course.do("reject", course.client.desk, after, contact=course.whom(), way="phone", reason=reason)


def wait(course: Course, after: Span, until: Span) -> None:
    """Something has to come from the customer first."""
    awaits, received = course.rng.choice(other("waits"))
    values = {"awaits": course.say(awaits), "basis": f"{course.at:%m-%d %H:%M} 邮件", "from": course.whom()}
    course.do("wait", course.client.desk, after, any_hour=False, **values)
    course.do("resume", course.client.desk, until, received=course.say(received), way="email")


def plan(course: Course, after: Span) -> None:
    """The written plan that levels 1 and 2 need."""
    text = f"先{course.say(course.matter['done'])}，恢复后核对{course.slots['paper']}并向客户书面说明。"
    course.do("plan", course.client.desk, after, any_hour=True, text=text)


def warn_of_trend(course: Course, after: Span, expected: datetime) -> None:
    """The handler sees that it may take longer, and says so before the time is over."""
    words = course.pick("trend")
    course.do(
        "warn",
        course.client.desk,
        after,
        any_hour=True,
        kind="trend",
        to=[course.client.head, course.whom()],
        reason=words,
        words=f"{words}，预计 {expected:%m 月 %d 日 %H:%M} 前恢复。",
        way="phone",
        expected_at=expected.isoformat(),
    )
