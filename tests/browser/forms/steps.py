"""The forms of the steps on a record, each with the record before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incidents import actions
from incidents.models import Declaration
from record_form.verbs import SCREENING
from record_form.verbs import STEPS as VERBS
from tests.browser.forms import Form
from tests.firm import LIU_DESK
from tests.scenes import Scene
from tests.verbs import FORMS
from tests.verbs.example import PARTY

OWN_TEMPLATES = {
    "classify": "desk/steps/_classify.html",
    "reclassify": "desk/steps/_classify.html",
    "look_up": "desk/steps/_look_up.html",
    "solve_in_first_contact": "desk/steps/_first_contact.html",
}
# The four outcomes of screening are one form.
TREE = {name: PARTY[name] for name in ("customer", "contract", "contact", "contact_means")}
TREE |= {"valid": "yes", "kind": "incident", "scope": "inside"}
# What `query` and `article` are here, the page has from its address and its buttons.
LOOKED_UP = {"reason": "没有同类处置"}
AFTER_A_CONFLICT = {
    "reload": "The conflict stands where the step's own form stood, which is there again after a reload.",
    "two tabs": "Another tab opens the step's own form.",
}


def step(verb: str) -> Form:
    filled = FORMS[verb]
    template = OWN_TEMPLATES.get(verb, "desk/steps/_form.html")
    given = (lambda: LOOKED_UP) if verb == "look_up" else filled.values
    return Form(template, verb, filled.by, lambda: f"/records/{filled.made().number}/do/{verb}/", given, tagged="verb")


def press(verb: str) -> Form:
    filled = FORMS[verb]
    name = f"press-{verb}"
    return Form("components/action.html", name, filled.by, lambda: f"/records/{filled.made().number}/", tagged="press")


def screening() -> str:
    return f"/records/{Scene().accepted().number}/do/screen_as_incident/"


def meanwhile(hand: Any) -> None:
    """A colleague saves another plan while this one is being typed; then this one is sent, and both are shown."""
    declaration = Declaration.objects.get(number=hand.path.split("/")[2])
    Scene().do(actions.write_plan, declaration, LIU_DESK, text="等批次号")
    hand.page.fill("#step [name=text]", "补寄并复核")
    hand.page.click("#step .btn-primary")
    hand.page.wait_for_selector("[name=choose-text]")


def forms() -> Iterator[Form]:
    yield from (step(verb) for verb in VERBS if verb not in SCREENING and verb != "take_on")
    yield from (press(verb) for verb in sorted(name for name, verb in VERBS.items() if verb.at_once))
    yield press("enter_caller")
    yield Form("desk/steps/_screen.html", "screen", LIU_DESK, screening, lambda: TREE)
    yield Form(
        "components/conflict.html",
        "write_plan",
        LIU_DESK,
        lambda: f"/records/{Scene().in_progress().number}/do/write_plan/",
        lambda: {"choose-text": "mine"},
        opens=meanwhile,
        tagged="",
        without=AFTER_A_CONFLICT,
    )
    # Last: a room shares one firm, where what comes after a third like incident could not be closed any more.
    yield step("take_on")
