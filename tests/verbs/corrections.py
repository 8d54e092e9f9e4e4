"""What was typed wrong or twice (clauses 5.4.1 and 5.4.4)."""

from __future__ import annotations

from typing import Any

from incidents import actions
from incidents.models import Declaration
from tests.firm import LIU_DESK
from tests.scenes import Scene
from tests.verbs.example import OPEN, Example, Filled, Use, fixed


def handled_twice() -> Declaration:
    """An incident with a step that was recorded twice; the second is the last row of its kind."""
    scene = Scene()
    declaration = scene.do(actions.log_handling, scene.in_progress(), LIU_DESK, what="补寄凭证", result="已寄")
    return scene.do(actions.log_handling, declaration, LIU_DESK, what="补寄凭证", result="已寄")


def last_step() -> str:
    """The name of the last step of the youngest record, empty where it has none."""
    last = Declaration.objects.latest("pk").handlingstep_rows.last()
    return f"handlingstep:{last.pk}" if last else ""


def _struck(_scene: Scene) -> dict[str, Any]:
    return {"row": last_step(), "reason": "记了两遍"}


EXAMPLES: dict[str, Example] = {
    "correct": Example(
        "desk head",
        OPEN,
        use=Use(Scene.accepted, fixed(reason="听错了", changes={"subject": "第三网点业务积压"})),
        form=Filled(
            LIU_DESK, lambda: Scene().accepted(), lambda: {"subject": "第三网点业务积压", "reason": "听错了"}, None
        ),
    ),
    "strike_out": Example(
        "desk handler",
        OPEN,
        use=Use(lambda _scene: handled_twice(), _struck),
        form=Filled(LIU_DESK, handled_twice, lambda: {"row": last_step(), "reason": "记了两遍"}, None),
    ),
}
