"""Classification and handling (clauses 5.4.3 and 5.4.4)."""

from __future__ import annotations

from base.clock import now
from incidents import actions
from tests.firm import CHEN_HEAD, LIU_DESK, WANG_DESK, person
from tests.scenes import Scene
from tests.verbs.example import WITH_NOTES, WORKING, Example, Filled, Use, fixed, moment, reported, visited

GRADING = {"leaf": "BIZ-01", "cell": "severe:high", "grading_basis": "全部网点停办"}
GRADED = actions.Grading("BIZ-01", "severe", "medium", basis="影响范围已核实")
GRADED_AGAIN = actions.Grading("BIZ-02", "minor", "low")

EXAMPLES: dict[str, Example] = {
    "classify": Example(
        "desk",
        "screened",
        use=Use(Scene.screened, fixed(grading=GRADED)),
        form=Filled(LIU_DESK, lambda: Scene().screened(), lambda: GRADING, "classified"),
    ),
    "reclassify": Example(
        "desk head",
        WORKING,
        use=Use(Scene.in_progress, fixed(grading=GRADED_AGAIN, reason="核实")),
        form=Filled(LIU_DESK, lambda: Scene().in_progress(), lambda: {**GRADING, "reason": "扩大了"}, None),
    ),
    "reassign": Example(
        "desk head",
        f"screened {WORKING}",
        use=Use(Scene.classified, lambda _scene: {"to": person(WANG_DESK), "reason": "休假"}, by="head"),
        form=Filled(CHEN_HEAD, lambda: Scene().in_progress(), lambda: {"to": WANG_DESK, "reason": "休假"}, None),
    ),
    "take_on": Example(
        "colleague",
        WORKING,
        use=Use(Scene.classified, fixed(reason="刘思远今天不在"), by=WANG_DESK),
        form=Filled(WANG_DESK, lambda: Scene().in_progress(), lambda: {"reason": "刘思远今天不在"}, None),
    ),
    "confirm_contract_notes": Example(
        "desk handler",
        WORKING,
        use=Use(Scene.classified),
        form=Filled(WANG_DESK, lambda: WITH_NOTES.classified(), dict, None),
    ),
    "look_up": Example(
        "desk handler",
        WORKING,
        use=Use(Scene.classified, fixed(query="漏装", reason="情形不同")),
        form=Filled(LIU_DESK, lambda: Scene().classified(), lambda: {"query": "漏装", "article": "KB-002"}, None),
    ),
    "start": Example(
        "handler",
        "classified",
        use=Use(Scene.looked_up),
        form=Filled(LIU_DESK, lambda: Scene().looked_up(), dict, "in_progress"),
    ),
    "write_plan": Example(
        "desk handler",
        WORKING,
        use=Use(Scene.in_progress, fixed(text="补寄并复核")),
        form=Filled(LIU_DESK, lambda: Scene().in_progress(), lambda: {"text": "补寄"}, None),
    ),
    "log_handling": Example(
        "desk handler",
        "in_progress waiting_customer",
        use=Use(Scene.in_progress, fixed(what="补寄", result="已寄")),
        form=Filled(LIU_DESK, lambda: Scene().in_progress(), lambda: {"what": "补寄", "result": "已寄"}, None),
    ),
    "record_visit": Example(
        "desk handler",
        "in_progress waiting_customer resolved",
        use=Use(
            Scene.in_progress, lambda _scene: {"who": ["王工"], "place": "机房", "arrival": now(), "departure": None}
        ),
        form=Filled(
            LIU_DESK,
            lambda: Scene().in_progress(),
            lambda: {"who": "刘思远", "place": "清分中心", "arrival": moment(hours=2), "departure": moment(hours=1)},
            None,
        ),
    ),
    "record_departure": Example(
        "desk handler",
        "in_progress waiting_customer resolved",
        use=Use(lambda _scene: visited(), lambda _scene: {"departure": now()}),
        form=Filled(LIU_DESK, visited, lambda: {"departure": moment(hours=1)}, None),
    ),
    "report_up": Example(
        "desk",
        "classified in_progress",
        use=Use(Scene.in_progress, fixed(reason="需协调", desk_cannot_solve=True)),
        form=Filled(
            LIU_DESK, lambda: Scene().in_progress(), lambda: {"reason": "须跨项目调人", "desk_cannot_solve": "on"}, None
        ),
    ),
    "answer_report": Example(
        "head",
        "classified in_progress",
        use=Use(lambda _scene: reported(), fixed(answer="好"), by="head"),
        form=Filled(CHEN_HEAD, reported, lambda: {"answer": "先稳住"}, None),
    ),
    "take_over": Example(
        "head",
        "classified in_progress",
        use=Use(lambda scene: scene.in_progress("severe", "high"), fixed(answer="我来"), by="head"),
        form=Filled(CHEN_HEAD, reported, lambda: {"answer": "由我出面"}, None),
    ),
}
