"""What an action costs in statements, and that it costs the same among many records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from base.clock import now, set_clock
from incidents import actions
from tests import scenes
from tests.firm import LIU_DESK, staff
from tests.verbs import USES, scene_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
LOGGING = 16
# What looks at other records of the customer, at several rows of its own, or at a search index.
LOOKING_AROUND = (
    "classify",
    "reclassify",
    "hand_over",
    "change_type",
    "request_escalation",
    "resolve",
    "close",
    "withdraw",
)


@pytest.mark.parametrize("live", [True, False])
def test_logging_a_call_is_cheap(count_queries: Callable[..., int], live: bool) -> None:
    actor, call = staff(LIU_DESK), SCENE.call()
    actions.accept(call, actor=actor)
    assert count_queries(lambda: actions.accept(call, actor=actor, answered_live=live)) <= LOGGING


def cost(count_queries: Callable[..., int], verb: str) -> int:
    use, scene = USES[verb], scene_of(verb)
    declaration, actor, values = use.made(scene), staff(use.actor(scene)), use.values(scene)

    def act() -> Any:
        return use.action(declaration.pk, version=None, actor=actor, **values)

    with set_clock(now() + use.later):
        return count_queries(act)


def test_no_action_costs_more_among_many_records(count_queries: Callable[..., int]) -> None:
    cost(count_queries, "close")
    among_few = {verb: cost(count_queries, verb) for verb in LOOKING_AROUND}
    for declaration in [SCENE.classified("minor", "low") for _ in range(20)]:
        actions.write_plan(declaration.pk, version=None, actor=staff(LIU_DESK), text="补寄")
    assert {verb: cost(count_queries, verb) for verb in LOOKING_AROUND} == among_few
