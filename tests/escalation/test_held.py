"""Quiet hours: what is reached at night waits for the opening, and is not sent if its reason is gone by then."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from base.clock import set_clock
from escalation import actions as escalation
from escalation.models import HeldWarning, Warning
from incidents import actions
from incidents.models import Declaration
from ledger.verification import compare
from tests import scenes
from tests.escalation.sweeping import at, facts, given, sweep_at, told
from tests.firm import CHEN_HEAD, LIN_HEAD, LIU_DESK, SUN_DESK, TELECOM_F, WEI_TELECOM_F, ZHAO_DESK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("firm")]
NIGHT, OPENING = "2026-11-23T21:00:00", "2026-11-24T09:00:00"


@pytest.fixture
def held() -> Declaration:
    """A level 4 incident of Monday whose three thresholds passed while every worker stood still until the night."""
    with set_clock(scenes.MONDAY):
        declaration = scenes.Scene().handled("minor", "low")
    assert sweep_at(NIGHT) == 0
    return declaration


def outcome() -> list[tuple[str, bool]]:
    return [(held.outcome, held.settled_at is not None) for held in HeldWarning.objects.order_by("pk")]


def unsent(declaration: Declaration) -> list[object]:
    return [each["reason"] for each in facts(declaration, "cancel_held_warning")]


def test_the_trail_says_what_is_held_until_when(held: Declaration) -> None:
    [fact] = facts(held, "hold_warning")
    assert (fact["threshold"], fact["held_until"]) == (75, "2026-11-24T01:00:00.000000+00:00")
    assert given(held) == []
    assert outcome() == [("", False)]


def test_a_night_full_of_sweeps_holds_once(held: Declaration) -> None:
    assert [sweep_at(text) for text in ("2026-11-23T22:00:00", "2026-11-24T03:00:00", "2026-11-24T08:59:59")] == [0] * 3
    assert len(facts(held, "hold_warning")) == 1


def test_it_is_sent_at_the_opening_with_every_threshold(held: Declaration) -> None:
    assert sweep_at(OPENING) == 3
    assert [threshold for threshold, _told in given(held)] == [75, 90, 100]
    assert outcome() == [("sent", True)]
    assert unsent(held) == []
    assert told("warning.resolution.100") == [CHEN_HEAD, LIU_DESK]


def test_a_resolved_one_is_cancelled_with_its_reason(held: Declaration) -> None:
    with set_clock(at("2026-11-23T22:00:00")):
        scene = scenes.Scene()
        scene.do(actions.resolve, held, scene.desk, **scene.solution())
    assert sweep_at(OPENING) == 0
    assert given(held) == []
    assert unsent(held) == ["stopped"]
    assert outcome() == [("stopped", True)]
    assert compare(Declaration.objects.get(pk=held.pk)) is None


def test_a_withdrawn_one_is_cancelled_with_its_reason(held: Declaration) -> None:
    with set_clock(at("2026-11-23T22:00:00")):
        scenes.Scene().do(escalation.withdraw, held, LIU_DESK, who="唐若宁", how="电话")
    sweep_at(OPENING)
    assert (given(held), unsent(held)) == ([], ["ended"])


def test_a_reclassified_one_is_warned_of_under_its_new_target_only(held: Declaration) -> None:
    with set_clock(at("2026-11-23T22:00:00")):
        grading = actions.Grading("BIZ-01", "severe", "high", basis="影响扩大")
        scenes.Scene().do(actions.reclassify, held, LIU_DESK, grading=grading, reason="影响扩大")
    # Levels 1 and 2 are told at once, also at night; what was held for level 4 is overtaken.
    sweep_at("2026-11-23T22:01:00")
    sweep_at(OPENING)
    assert unsent(held) == ["retargeted"]
    assert {warning.cycle for warning in Warning.objects.filter(declaration=held)} <= {2}


def test_a_paused_one_is_cancelled_and_held_again_another_night() -> None:
    # This customer's contract lets the clock stand while the desk waits for the customer.
    scene = scenes.Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, custodian=SUN_DESK, contact=WEI_TELECOM_F)
    with set_clock(scenes.MONDAY):
        declaration = scene.in_progress("minor", "low")
    with set_clock(at(NIGHT)):
        pass
    sweep_at(NIGHT)
    with set_clock(at("2026-11-23T22:00:00")):
        scene.do(actions.wait, declaration, ZHAO_DESK, awaits="批次号", basis="电话", contact=None)
    assert sweep_at(OPENING) == 0
    assert (given(declaration), unsent(declaration)) == ([], ["paused"])


@pytest.mark.parametrize(
    ("impact", "urgency", "level", "waits"),
    [
        ("severe", "high", 1, False),
        ("severe", "medium", 2, False),
        ("moderate", "medium", 3, True),
        ("minor", "low", 4, True),
    ],
)
def test_only_the_low_levels_wait(impact: str, urgency: str, level: int, waits: bool) -> None:
    with set_clock(scenes.MONDAY):
        declaration = scenes.Scene().in_progress(impact, urgency)
    assert declaration.priority == level
    assert declaration.resolution_clock is not None
    # The first night after its three quarters are used up.
    from_day = declaration.due_at
    assert from_day is not None
    night = from_day.astimezone(scenes.MONDAY.tzinfo).replace(hour=23, minute=0, second=0)
    with set_clock(night):
        sweep_at(night.replace(tzinfo=None).isoformat())
    assert (given(declaration) == []) is waits


def test_before_and_after_quiet_hours_it_goes_at_once() -> None:
    with set_clock(scenes.MONDAY):
        early, late = scenes.Scene().in_progress("minor", "low"), scenes.Scene().in_progress("minor", "low")
    sweep_at("2026-11-23T19:59:59")
    assert len(given(early)) == len(given(late)) == 3


def test_quiet_hours_are_a_parameter(parameter: Callable[[Declaration, str, object], None]) -> None:
    with set_clock(scenes.MONDAY):
        declaration = scenes.Scene().in_progress("minor", "low")
    parameter(declaration, "quiet_hours", {"from": "20:00", "to": "08:00", "levels": []})
    assert sweep_at(NIGHT) == 3
