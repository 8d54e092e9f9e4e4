"""Declarations that are no incidents: demands, complaints, security, what is out of scope, what is invalid."""

from __future__ import annotations

from datetime import datetime

from demo.story.course import Course, Span
from demo.story.firm import COMPLAINTS, RISK_CONTROL, SALES, SECURITY
from demo.story.opening import come_in, screen
from demo.story.wording import other


def demand(course: Course, *, declined: bool) -> None:
    """A service request: two opinions, an answer, and where it is agreed to, its fulfilment (clause 5.4.2)."""
    subject, body, beside, result = course.rng.choice(other("requests"))
    course.asks(subject, body)
    come_in(course)
    screen(course, "service_request", other_demands=course.say(beside))
    head, risk = ("head_yes", "risk_no") if declined else ("head_yes", "risk_yes")
    _opinion(course, course.client.head, "department_head", head, (200, 260))
    _opinion(course, RISK_CONTROL, "risk_control", risk, (212, 245))
    if declined:
        _answer(course, declined)
        course.do(
            "decline_request", course.client.head, (90, 120), reason="风险控制部意见不同意，已与客户说明并约定另议。"
        )
        return
    course.do("accept_request", course.client.head, (90, 120), reason="两方意见一致，可以提供。")
    _answer(course, declined)
    course.do("complete_request", course.client.head, (1000, 1300), result=course.say(result))


def _opinion(course: Course, by: str, role: str, words: str, after: Span) -> None:
    opinion = course.pick("opinions", words)
    course.do("give_opinion", by, after, role=role, agree=not words.endswith("no"), opinion=opinion)


def _answer(course: Course, declined: bool) -> None:
    text = "已答复客户：暂不能承诺，原因已说明。" if declined else "已答复客户：可以提供，补充协议另行签署。"
    course.do("communicate", course.client.desk, (20, 60), way=course.way(), to=course.whom(), text=text)


def complaint(course: Course) -> None:
    """Handed to who deals with complaints, who keeps it for some days."""
    complained(course, course.at)


def complained(course: Course, received_after: datetime) -> None:
    """The same, which nobody signs for before that moment."""
    subject, body, result = course.rng.choice(other("complaints"))
    _hand_over(course, subject, body, "complaint", COMPLAINTS)
    course.hold(received_after)
    course.do("receive_handover", COMPLAINTS, (150, 330))
    _complete(course, COMPLAINTS, "TS", result, (1660, 2060))


def security(course: Course) -> None:
    """Handed to the security officer, who signs for it within minutes."""
    subject, body, result = course.rng.choice(other("infosec"))
    _hand_over(course, subject, body, "infosec", SECURITY)
    course.do("receive_handover", SECURITY, (5, 20), any_hour=True)
    _complete(course, SECURITY, "AQ", result, (700, 1600))


def lapsed(course: Course) -> None:
    """A customer whose contract has ended: for sales."""
    subject, body = course.rng.choice(other("expired"))
    course.asks(subject, body)
    come_in(course)
    out = {"contract_in_force": False, "service_in_contract": False}
    content = course.body
    screen(course, "out_of_scope_service", scope_answers=out, kind="sales", receiver=SALES, content=content)
    course.do("receive_handover", SALES, (150, 400))


def stranger(course: Course) -> None:
    """Somebody who is no customer yet: for sales as well."""
    company, name, subject, body = course.rng.choice(other("strangers"))
    _calls_from_outside(course, company, name, subject, body)
    _screen_stranger(course, "out_of_scope_customer", kind="sales", receiver=SALES, content=course.body)
    course.do("receive_handover", SALES, (150, 400))


def invalid(course: Course) -> None:
    """Nothing to serve: a stranger by telephone, or a customer who is told."""
    by_phone = course.channel == "phone"
    fitting = [each for each in other("invalid") if (each[0] == "not_service_related") == by_phone]
    reason, subject, body = course.rng.choice(fitting)
    if by_phone:
        _calls_from_outside(course, "", "未留姓名", subject, body)
        _screen_stranger(course, "invalid", reason=reason, text=course.body, caller_told=True)
        return
    course.asks(subject, body)
    come_in(course)
    screen(course, "invalid", reason=reason, text=course.body, caller_told=True)


def _calls_from_outside(course: Course, company: str, name: str, subject: str, body: str) -> None:
    course.stranger = {"customer_name": company, "name": name, "phone": f"139000099{course.rng.randint(10, 99)}"}
    course.slots["caller"] = f"{company}{name}"
    course.asks(subject, body)
    come_in(course)


def _screen_stranger(course: Course, verdict: str, **values: str | bool) -> None:
    answers = {"is_customer": False, "contract_in_force": False, "service_in_contract": False}
    desk = course.client.desk
    course.do("screen", desk, (2, 6), any_hour=True, verdict=verdict, scope_answers=answers, **values)


def _hand_over(course: Course, subject: str, body: str, verdict: str, receiver: str) -> None:
    course.asks(subject, body)
    come_in(course, promptly=True)
    screen(course, verdict, (3, 12), kind=verdict, receiver=receiver, content=course.body)


def _complete(course: Course, by: str, prefix: str, result: str, after: Span) -> None:
    number = f"{prefix}-{course.arrived:%Y%m%d}-{course.ref[-2:]}"
    course.do("complete_handover", by, after, reference=number, result=course.say(result))
