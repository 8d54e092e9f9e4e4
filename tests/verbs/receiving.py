"""Service requests and hand-overs (clause 5.4.2)."""

from __future__ import annotations

from base.clock import now
from tests.firm import CHEN_HEAD, XU_SALES
from tests.scenes import Scene
from tests.verbs.example import Example, Filled, Use, fixed

EXAMPLES: dict[str, Example] = {
    "give_opinion": Example(
        "head risk_control",
        "request_review",
        use=Use(Scene.request_review, fixed(agrees=True, text="可以"), by="head"),
        form=Filled(
            CHEN_HEAD, lambda: Scene().request_review(), lambda: {"agrees": "true", "text": "可以", "role": ""}, None
        ),
    ),
    "accept_request": Example(
        "head",
        "request_review",
        use=Use(Scene.opined, fixed(reason="一致"), by="head"),
        form=Filled(CHEN_HEAD, lambda: Scene().opined(), lambda: {"reason": "一致"}, "request_in_progress"),
    ),
    "decline_request": Example(
        "head",
        "request_review",
        use=Use(Scene.refusal_told, fixed(reason="人手不足"), by="head"),
        form=Filled(CHEN_HEAD, lambda: Scene().refusal_told(), lambda: {"reason": "人手不足"}, "request_declined"),
    ),
    "complete_request": Example(
        "head",
        "request_in_progress",
        use=Use(
            Scene.request_in_progress, lambda _scene: {"result": "已到岗", "completed_on": now().date()}, by="head"
        ),
        form=Filled(
            CHEN_HEAD,
            lambda: Scene().request_in_progress(),
            lambda: {"result": "已到岗", "completed_on": "2026-11-23"},
            "request_done",
        ),
    ),
    "receive_handover": Example(
        "receiver",
        "handed_over",
        use=Use(Scene.handed_over, by="receiver"),
        form=Filled(XU_SALES, lambda: Scene().handed_over(), dict, "handover_received"),
    ),
    "return_handover": Example(
        "receiver",
        "handed_over",
        use=Use(Scene.handed_over, fixed(reason="不属投诉"), by="receiver"),
        form=Filled(XU_SALES, lambda: Scene().handed_over(), lambda: {"reason": "不归我"}, "accepted"),
    ),
    "complete_handover": Example(
        "receiver",
        "handover_received",
        use=Use(Scene.handover_received, fixed(reference="TS-1", result="已答复"), by="receiver"),
        form=Filled(
            XU_SALES,
            lambda: Scene().handover_received(),
            lambda: {"reference": "TS-1", "result": "已答复"},
            "handover_done",
        ),
    ),
}
