"""How a call comes in: taken by the desk or passed on by a colleague, answered, screened (clauses 5.4.1 and 5.4.2)."""

from __future__ import annotations

from typing import Any

from demo.story.course import INTERNAL, PAPER, Course, Span
from demo.story.wording import other

AT_ONCE: Span = (0.5, 1)
SHORTLY: Span = (1, 4)
TOO_LATE: Span = (31, 45)


def come_in(course: Course, *, relayed: bool = False, promptly: bool = False) -> None:
    """The call is registered and answered, mostly in time."""
    if relayed:
        relay(course)
        course.do("accept", course.client.desk, (3, 9), any_hour=True, acknowledged=True)
        return
    by = "system" if course.channel == "monitoring" else course.client.desk
    course.do("accept", by, AT_ONCE, any_hour=True, **_arrival(course))
    if course.channel != "phone":
        answer(course, SHORTLY if promptly or course.chance(0.94) else TOO_LATE)


def relay(course: Course) -> None:
    """A colleague takes the call and passes it on."""
    colleague = course.client.relayer()
    assert colleague is not None
    course.do("relay", colleague, AT_ONCE, any_hour=True, **_arrival(course), to=course.client.desk)


def answer(course: Course, after: Span = SHORTLY) -> None:
    """The first answer, to somebody of the customer."""
    way = "phone" if course.channel in (*INTERNAL, *PAPER) else course.way()
    course.do("respond", course.client.desk, after, any_hour=True, way=way, to=course.whom(), text=course.pick("told"))


def screen(course: Course, verdict: str, after: Span = SHORTLY, **values: Any) -> None:
    """The desk decides what it is; this customer's contract is in force and covers it."""
    answers = {"is_customer": True, "contract_in_force": True, "service_in_contract": True}
    known = {"contact": course.whom(), "contact_means": course.contact["mobile"]}
    course.do(
        "screen",
        course.client.desk,
        after,
        any_hour=True,
        verdict=verdict,
        scope_answers={**answers, **values.pop("scope_answers", {})},
        customer=course.client.id,
        contract=course.client.contract_on(course.arrived.date()),
        **({} if course.channel in INTERNAL else known),
        **values,
    )


def _arrival(course: Course) -> dict[str, Any]:
    values: dict[str, Any] = {"channel": course.channel, "received_at": course.arrived.isoformat()}
    if course.channel == "phone":
        values["answered_live"] = True
    if course.channel == "other":
        values["via"] = "企业微信群"
    if course.channel in PAPER:
        values |= {"pages": 1, "received_on": f"{course.arrived:%Y-%m-%d}", "no_file_reason": other("letter")}
    if course.channel in INTERNAL:
        found_by = "运行监控平台" if course.channel == "monitoring" else "例行巡检"
        values |= {"source": found_by, "system": course.slots["system"], "source_ref": course.ref}
    return values
