"""Waiting, telling and warning, and the way to a problem (clauses 5.4.5 and 5.4.6)."""

from __future__ import annotations

from datetime import timedelta

from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, TANG_BANK_B, person
from tests.scenes import Scene
from tests.verbs.example import AFTER_RELAY, WORKING, Example, Filled, Use, fixed, late

EXAMPLES: dict[str, Example] = {
    "wait": Example(
        "handler",
        "in_progress",
        use=Use(Scene.in_progress, fixed(awaits="批次号", basis="电话")),
        form=Filled(
            LIU_DESK,
            lambda: Scene().in_progress(),
            lambda: {"awaits": "批次号", "contact": TANG_BANK_B, "basis": "今日电话"},
            "waiting_customer",
        ),
    ),
    "resume": Example(
        "handler",
        "waiting_customer",
        use=Use(Scene.waiting, fixed(received="批次号", way="email")),
        form=Filled(
            LIU_DESK, lambda: Scene().waiting(), lambda: {"received": "批次号已发", "way": "email"}, "in_progress"
        ),
    ),
    "communicate": Example(
        "desk handler",
        AFTER_RELAY,
        use=Use(Scene.in_progress, fixed(way="phone", text="进展通报")),
        form=Filled(
            LIU_DESK,
            lambda: Scene().in_progress(),
            lambda: {"way": "phone", "contact": TANG_BANK_B, "text": "今晚完成"},
            None,
        ),
    ),
    "warn": Example(
        "desk handler",
        WORKING,
        use=Use(Scene.in_progress, lambda scene: {"kind": "at_risk", "reason": "缺件", "staff": [person(scene.head)]}),
        form=Filled(
            LIU_DESK,
            lambda: Scene().in_progress(),
            lambda: {
                "kind": "at_risk",
                "staff": [CHEN_HEAD],
                "contacts": [TANG_BANK_B],
                "reason": "缺纸",
                "letter": "缺纸",
            },
            None,
        ),
    ),
    "state_breach_reason": Example(
        "desk handler",
        f"{WORKING} resolved",
        use=Use(lambda scene: scene.in_progress("minor", "low"), fixed(reason="缺件"), later=timedelta(hours=6)),
        form=Filled(LIU_DESK, late, lambda: {"reason": "纸张断供"}, None),
    ),
    "request_escalation": Example(
        "desk",
        f"{WORKING} resolved",
        use=Use(Scene.handled, fixed(reason="疑似设备问题")),
        form=Filled(
            LIU_DESK,
            lambda: Scene().in_progress("severe", "medium"),
            lambda: {"trigger": "", "reason": "影响严重"},
            None,
        ),
    ),
    "decide_escalation": Example(
        "head next_level",
        f"{WORKING} resolved",
        use=Use(Scene.requested, fixed(approved=True, reason="须查根因"), by="head"),
        form=Filled(CHEN_HEAD, lambda: Scene().requested(), lambda: {"approved": "true", "reason": "须查根因"}, None),
    ),
    "countersign": Example(
        "risk_control",
        f"{WORKING} resolved",
        use=Use(Scene.decided, fixed(agrees=False, opinion="谁来跟踪？"), by=HE_RISK),
        form=Filled(HE_RISK, lambda: Scene().decided(), lambda: {"agrees": "true", "opinion": "同意"}, None),
    ),
}
