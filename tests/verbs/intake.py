"""Intake and screening (clauses 5.4.1 and 5.4.2)."""

from __future__ import annotations

from typing import Any

from incidents import actions
from incidents.models import Declaration
from tests.firm import LIU_DESK, TANG_BANK_B, XU_SALES, contact, person, staff
from tests.scenes import Scene
from tests.verbs.example import OPEN, PARTY, Example, Filled, Use, fixed, unanswered


def _unanswered(scene: Scene) -> Declaration:
    return actions.accept(scene.call(), actor=staff(scene.desk))


def _of_nobody(scene: Scene) -> Declaration:
    """A call whose customer is known and whose caller was written down by hand."""
    return scene.unregistered()


def _record_security_twin(declaration_id: int, **values: Any) -> Declaration:
    """The record that it was made from, as of every other verb."""
    actions.record_security_twin(declaration_id, **values)
    return Declaration.objects.get(pk=declaration_id)


EXAMPLES: dict[str, Example] = {
    "relay": Example("staff", "new"),
    "accept": Example(
        "desk system",
        "new relayed",
        use=Use(Scene.relayed),
        form=Filled(LIU_DESK, lambda: Scene().relayed(), dict, "accepted"),
    ),
    "join_alarm": Example("desk system", OPEN),
    "respond": Example(
        "desk handler relayer",
        OPEN.replace(" resolved", ""),
        use=Use(_unanswered, fixed(way="phone", text="已受理")),
        form=Filled(
            LIU_DESK, unanswered, lambda: {"way": "phone", "contact": TANG_BANK_B, "text": "已收到，马上处理"}, None
        ),
    ),
    "screen_as_invalid": Example(
        "desk",
        "accepted",
        use=Use(Scene.accepted, fixed(reason="test", caller_told=True)),
        form=Filled(LIU_DESK, lambda: Scene().accepted(), lambda: {"reason": "test", "caller_told": "on"}, "invalid"),
    ),
    "screen_as_incident": Example(
        "desk",
        "accepted",
        use=Use(Scene.accepted, Scene.party),
        form=Filled(LIU_DESK, lambda: Scene().accepted(), lambda: PARTY, "screened"),
    ),
    "screen_as_request": Example(
        "desk",
        "accepted",
        use=Use(Scene.accepted, lambda scene: {**scene.party(), "additions": "加派两人"}),
        form=Filled(
            LIU_DESK, lambda: Scene().accepted(), lambda: {**PARTY, "additions": "周末加派两人"}, "request_review"
        ),
    ),
    "hand_over": Example(
        "desk",
        "accepted",
        use=Use(
            Scene.accepted,
            lambda scene: {"type": "complaint", "receiver": person(scene.receiver), "content": "要求书面答复"},
        ),
        form=Filled(
            LIU_DESK,
            lambda: Scene().accepted(),
            lambda: {"type": "complaint", "receiver": XU_SALES, "content": "客户不满"},
            "handed_over",
        ),
    ),
    "change_type": Example(
        "desk",
        "accepted screened classified in_progress waiting_customer request_review request_in_progress resolved",
        use=Use(Scene.waiting, fixed(to="complaint", reason="误判")),
        form=Filled(
            LIU_DESK, lambda: Scene().classified(), lambda: {"to": "complaint", "reason": "其实是抱怨"}, "accepted"
        ),
    ),
    "enter_caller": Example(
        "desk",
        OPEN,
        use=Use(_of_nobody, fixed(name="钱女士", number="13900002999")),
        form=Filled(
            LIU_DESK,
            lambda: _of_nobody(Scene()),
            lambda: {"name": "钱女士", "number": "13900002999", "title": "柜员"},
            None,
        ),
    ),
    "tie_contact": Example(
        "desk handler",
        OPEN,
        use=Use(_of_nobody, lambda scene: {"contact": contact(scene.contact)}),
        form=Filled(LIU_DESK, lambda: _of_nobody(Scene()), lambda: {"contact": TANG_BANK_B}, None),
    ),
    "record_security_twin": Example(
        "desk",
        "screened classified in_progress waiting_customer resolved",
        use=Use(Scene.in_progress, fixed(subject="账户被异地登录", body="疑似泄密"), action=_record_security_twin),
        form=Filled(
            LIU_DESK, lambda: Scene().in_progress(), lambda: {"subject": "账户被异地登录", "body": "疑似泄密"}, None
        ),
    ),
}
