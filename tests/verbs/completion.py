"""From the solution to the filed record (clauses 5.4.7 and 5.5)."""

from __future__ import annotations

from tests.firm import LIU_DESK, TANG_BANK_B, ZHENG_CUSTODIAN, contact
from tests.scenes import Scene
from tests.verbs.example import AFTER_RELAY, Example, Filled, Use, fixed, scan

EXAMPLES: dict[str, Example] = {
    "resolve": Example(
        "desk handler",
        "in_progress waiting_customer",
        use=Use(Scene.handled, Scene.solution),
        form=Filled(
            LIU_DESK,
            lambda: Scene().handled(),
            lambda: {
                "cause": "漏检",
                "solution": "补寄",
                "solution_kind": "permanent",
                "supporters": "",
                "told_to": TANG_BANK_B,
                "told_way": "phone",
            },
            "resolved",
        ),
    ),
    "quick_solve": Example(
        "desk",
        "classified",
        use=Use(
            lambda scene: scene.looked_up("minor", "low"),
            lambda scene: {"told_to": contact(scene.contact), "solution": "电话指导", "means": "phone"},
        ),
        form=Filled(
            LIU_DESK,
            lambda: Scene().looked_up("minor", "low"),
            lambda: {"solution": "电话说明", "cause": "", "told_to": TANG_BANK_B, "means": "phone"},
            "resolved",
        ),
    ),
    "solve_in_first_contact": Example(
        "",
        "",
        form=Filled(
            LIU_DESK,
            lambda: Scene().screened(),
            lambda: {
                "leaf": "BIZ-01",
                "cell": "minor:low",
                "query": "漏装",
                "adopted": "none",
                "reason": "没有同类处置",
                "solution": "电话说明",
                "told_to": TANG_BANK_B,
                "means": "phone",
            },
            "resolved",
        ),
    ),
    "confirm": Example(
        "desk contact",
        "resolved",
        use=Use(Scene.resolved, lambda scene: {"contact": contact(scene.contact), "way": "phone", "satisfaction": 4}),
        form=Filled(
            LIU_DESK,
            lambda: Scene().resolved(),
            lambda: {
                "contact": TANG_BANK_B,
                "way": "signed_scan",
                "opinion": "满意",
                "satisfaction": "5",
                "scan": scan(),
            },
            None,
        ),
    ),
    "reject": Example(
        "desk contact",
        "resolved",
        use=Use(Scene.resolved, fixed(reason="仍漏一页", way="phone")),
        form=Filled(
            LIU_DESK,
            lambda: Scene().resolved(),
            lambda: {"contact": TANG_BANK_B, "way": "phone", "reason": "还缺一页"},
            "in_progress",
        ),
    ),
    "close": Example(
        "desk", "resolved", use=Use(Scene.confirmed), form=Filled(LIU_DESK, lambda: Scene().confirmed(), dict, "closed")
    ),
    "reopen": Example(
        "desk",
        "closed",
        use=Use(Scene.closed, fixed(reason="又漏装")),
        form=Filled(LIU_DESK, lambda: Scene().closed(), lambda: {"reason": "又漏了"}, "in_progress"),
    ),
    "file": Example(
        "custodian",
        "closed",
        use=Use(Scene.closed, fixed(paper_place="档案柜 A-01"), by="custodian"),
        form=Filled(ZHENG_CUSTODIAN, lambda: Scene().closed(), lambda: {"paper_place": "A-01"}, "filed"),
    ),
    "return_for_completion": Example(
        "custodian",
        "closed",
        use=Use(Scene.closed, fixed(missing="缺签字扫描"), by="custodian"),
        form=Filled(ZHENG_CUSTODIAN, lambda: Scene().closed(), lambda: {"missing": "缺回执"}, None),
    ),
    "add_annex": Example(
        "desk custodian",
        "closed filed",
        use=Use(Scene.closed, fixed(text="补寄回执")),
        form=Filled(LIU_DESK, lambda: Scene().closed(), lambda: {"text": "回执", "scan": scan()}, None),
    ),
    "withdraw": Example(
        "desk",
        AFTER_RELAY,
        use=Use(Scene.waiting, fixed(who="唐若宁", how="电话")),
        form=Filled(LIU_DESK, lambda: Scene().accepted(), lambda: {"who": "唐若宁", "how": "电话"}, "withdrawn"),
    ),
}
