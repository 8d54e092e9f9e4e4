"""The forms of the pages that several rooms feed: calls, queues, warnings and lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from base.clock import now
from desk.models import SavedView
from desk.records import actions
from escalation import actions as escalation
from escalation.models import Problem
from incidents.actions import remind
from incidents.models import Declaration
from tests.browser.forms import Form
from tests.browser.people import later
from tests.firm import CHEN_HEAD, LIU_DESK, WANG_DESK, XU_SALES, ZHENG_CUSTODIAN, ZHOU_HEAD, staff
from tests.scenes import Scene

ARTICLE = {
    "title": "对账单漏装的补寄",
    "symptom": "客户发现漏装一页",
    "solution_steps": "复核同批次\n补寄",
    "keywords": "漏装\n补寄",
}
CALL = {"caller": "13900002001", "subject": "漏装", "body": "漏一页", "other_demands": "要回单"}


def to_reassign() -> str:
    return f"/records/reassign/?selected={Scene().in_progress().pk}&selected={Scene().in_progress().pk}"


def kept_view() -> str:
    view = actions.save_view(actor=staff(LIU_DESK), name=f"第{SavedView.objects.count()}个", query="view=all")
    return f"/records/?view=all&saved={view.pk}"


def accepted() -> str:
    return f"/records/{Scene().accepted().number}/"


def put_off() -> str:
    """The number of a record that its desk comes back to tomorrow."""
    record = Scene().in_progress("minor", "low")
    remind(record.pk, actor=staff(LIU_DESK), at=now() + timedelta(days=1), note="问批次号")
    return record.number


def problem() -> str:
    return f"/problems/{Problem.objects.get(request__declaration=Scene().decided()).number}/"


def warned() -> Declaration:
    """A level 4 incident of which three quarters of the time are used, and its handler has been told."""
    declaration = Scene().in_progress("minor", "low")
    later(hours=4.6)
    escalation.sweep()
    return declaration


def unanswered(where: str) -> str:
    warned()
    return where


def forms() -> Iterator[Form]:
    yield Form("desk/call/_form.html", "register", LIU_DESK, lambda: "/register/", lambda: CALL)
    yield Form(
        "desk/queues/decisions/_case.html",
        "decide",
        CHEN_HEAD,
        lambda: f"/decisions/{Scene().requested().number}/",
        lambda: {"text": "须查根因"},
    )
    handovers = "desk/queues/handovers/page.html"
    yield Form(handovers, "receive", XU_SALES, lambda: f"/handovers/{Scene().handed_over().number}/")
    yield Form(
        handovers,
        "return",
        XU_SALES,
        lambda: f"/handovers/{Scene().handed_over().number}/",
        lambda: {"reason": "不归我"},
    )
    yield Form(
        handovers,
        "complete",
        XU_SALES,
        lambda: f"/handovers/{Scene().handover_received().number}/",
        lambda: {"reference": "TS-1", "result": "已答复"},
    )
    filing = "desk/queues/filing/page.html"
    yield Form(
        filing, "file", ZHENG_CUSTODIAN, lambda: f"/filing/{Scene().closed().number}/", lambda: {"paper_place": "A-01"}
    )
    yield Form(
        filing,
        "return_for_completion",
        ZHENG_CUSTODIAN,
        lambda: f"/filing/{Scene().closed().number}/",
        lambda: {"missing": "缺回执"},
    )
    yield Form("escalation/problems/page.html", "problem", ZHOU_HEAD, problem, lambda: {"reference": "PM-12"})
    yield Form(
        "desk/record/draft.html",
        "draft",
        LIU_DESK,
        lambda: f"/records/{Scene().resolved().number}/draft/",
        lambda: ARTICLE,
    )
    yield Form(
        "desk/records/reassign.html", "reassign", LIU_DESK, to_reassign, lambda: {"to": WANG_DESK, "reason": "休假"}
    )
    yield Form("desk/records/list.html", "view", LIU_DESK, lambda: "/records/?view=all", lambda: {"name": "我的"})
    yield Form("desk/records/list.html", "forget", LIU_DESK, kept_view)
    marks = "desk/own/_marks.html"
    yield Form("components/action.html", "press-watch", LIU_DESK, accepted, tagged="press")
    yield Form(marks, "unremind", LIU_DESK, lambda: f"/records/{put_off()}/")
    yield Form("desk/task.html", "unremind", LIU_DESK, lambda: put_off() and "/")
    yield Form(
        "desk/own/_remind.html",
        "remind",
        LIU_DESK,
        lambda: f"/records/{Scene().accepted().number}/do/remind/",
        lambda: {"at": "2026-11-30T09:00", "note": "问批次号"},
    )
    # From here on hours pass.
    yield Form("desk/record/_alarms.html", "acknowledge", LIU_DESK, lambda: f"/records/{warned().number}/")
    yield Form(
        "desk/record/_alarms.html",
        "warn",
        LIU_DESK,
        lambda: f"/records/{warned().number}/",
        lambda: {"letter": "请稍候，今日完成。"},
    )
    yield Form("desk/_unanswered.html", "acknowledge", LIU_DESK, lambda: unanswered("/"))
    yield Form("desk/bell/_lines.html", "acknowledge", LIU_DESK, lambda: unanswered("/notifications/"))
