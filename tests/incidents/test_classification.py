"""Clause 5.4.3: the leaf, the nine cells, the time allowed and from where it comes, the repeats."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest

from base.clock import set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration
from notifications.models import Notification
from procedure.queries import rules
from tests import scenes
from tests.firm import (
    BANK_C,
    CHEN_HEAD,
    GAO_MANAGEMENT,
    HAN_BANK_C,
    LIU_DESK,
    TELECOM_F,
    WEI_TELECOM_F,
    ZHAO_DESK,
    person,
    staff,
)
from tests.incidents.refusals import errors, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
CELLS = {
    ("severe", "high"): 1,
    ("severe", "medium"): 2,
    ("moderate", "high"): 2,
    ("severe", "low"): 3,
    ("moderate", "medium"): 3,
    ("moderate", "low"): 4,
    ("minor", "high"): 4,
    ("minor", "medium"): 4,
    ("minor", "low"): 4,
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+08:00")


def graded(scene: scenes.Scene = SCENE, impact: str = "minor", urgency: str = "low", **changes: Any) -> Declaration:
    """Screened and classified; `changes` are those of the call."""
    declaration = scene.do(actions.screen_as_incident, scene.accepted(**changes), scene.desk, **scene.party())
    grading = actions.Grading("BIZ-01", impact, urgency, basis="影响范围已核实")
    return scene.do(actions.classify, declaration, scene.desk, grading=grading)


# The level


def test_the_nine_cells_give_the_level() -> None:
    book = rules(SCENE.screened().procedure_version_id)
    assert {cell: book.priority(*cell) for cell in CELLS} == CELLS == book.matrix
    assert graded(impact="severe", urgency="low").priority == 3


def test_nobody_can_type_a_level() -> None:
    assert "priority" not in {field.name for field in dataclasses.fields(actions.Grading)}
    with pytest.raises(TypeError):
        actions.classify(1, version=None, actor=staff(LIU_DESK), grading=None, priority=1)  # type: ignore


@pytest.mark.parametrize(
    ("grading", "fields"),
    [
        (actions.Grading("BIZ", "minor", "low"), {"leaf"}),
        (actions.Grading("", "minor", "low"), {"leaf"}),
        (actions.Grading("BIZ-01", "huge", ""), {"impact", "urgency"}),
        (actions.Grading("BIZ-01", "severe", "low"), {"grading_basis"}),
        (actions.Grading("BIZ-01", "minor", "high", basis=" "), {"grading_basis"}),
    ],
)
def test_leaf_impact_and_urgency_are_chosen_and_weighty_ones_explained(grading: Any, fields: set[str]) -> None:
    assert set(errors(refused(actions.classify, SCENE.screened(), grading=grading))) == fields


def test_there_are_thirteen_leaves_and_only_leaves_are_chosen() -> None:
    book = rules(SCENE.screened().procedure_version_id)
    assert len([leaf for leaf in book.leaves.values() if leaf.is_active]) == 13
    assert graded().leaf_path[-1] == book.leaf("BIZ-01").path[-1].zh


def test_classifying_comes_after_screening_and_once() -> None:
    for declaration in (SCENE.accepted(), SCENE.classified()):
        found = refused(actions.classify, declaration, grading=actions.Grading("BIZ-01", "minor", "low"))
        assert "is possible only while: To be classified." in str(found)


def test_the_desk_becomes_the_handler_and_the_head_hears_level_and_due_time() -> None:
    declaration = graded()
    assert (declaration.handler, declaration.classified_by) == (person(LIU_DESK), person(LIU_DESK))
    told = Notification.objects.get(event="incident.classified")
    assert told.user == person(CHEN_HEAD)


def test_a_major_incident_is_told_to_management() -> None:
    declaration = graded(impact="severe", urgency="high")
    assert declaration.is_major
    told = Notification.objects.filter(event="incident.classified").values_list("user__employee_number", flat=True)
    assert set(told) == {CHEN_HEAD, GAO_MANAGEMENT}


def test_which_levels_are_major_is_a_parameter(parameter: Any) -> None:
    parameter(graded(), "major_levels", [2])
    assert graded(impact="severe", urgency="medium").is_major
    assert not graded(impact="severe", urgency="high").is_major
    parameter(graded(), "major_used", False)
    assert not graded(impact="severe", urgency="medium").is_major


# The time allowed


@pytest.mark.parametrize(
    ("cell", "received", "due"),
    [
        (("severe", "high"), "11-23T10:00:00", "11-24T10:00:00"),
        (("severe", "medium"), "11-20T23:00:00", "11-23T23:00:00"),
        (("moderate", "medium"), "11-23T10:00:00", "12-23T10:00:00"),
        (("minor", "low"), "11-23T10:00:00", "11-23T15:30:00"),
        (("minor", "low"), "11-20T17:00:00", "11-23T12:00:00"),
    ],
)
def test_the_matrix_allows_time_from_receipt(cell: tuple[str, str], received: str, due: str) -> None:
    with set_clock(at("11-23T10:00:00")):
        declaration = graded(impact=cell[0], urgency=cell[1], received_at=at(received), late_reason="周末送达")
    assert (declaration.due_at, declaration.target_source) == (at(due), "matrix")


def test_a_month_ends_with_the_month() -> None:
    with set_clock(at("08-31T16:45:00")):
        assert graded(impact="moderate", urgency="medium").due_at == at("09-30T16:45:00")


def test_the_contract_wins_where_it_speaks_and_both_are_kept() -> None:
    scene = scenes.Scene(customer=TELECOM_F, desk=ZHAO_DESK, contact=WEI_TELECOM_F)
    declaration = graded(scene, "moderate", "medium")
    assert (declaration.target_source, declaration.due_at) == ("contract", at("11-30T10:00:00"))
    assert declaration.target != declaration.matrix_target
    silent = scenes.Scene(customer=BANK_C, desk=LIU_DESK, contact=HAN_BANK_C)
    assert graded(silent, "moderate", "medium").target_source == "matrix"


@pytest.mark.parametrize(("solved", "met"), [("11-23T15:29:59", True), ("11-23T15:30:00", False)])
def test_solved_in_time_is_strictly_before_it_is_due(solved: str, met: bool) -> None:
    declaration = SCENE.handled("minor", "low")
    with set_clock(at(solved)):
        declaration = SCENE.do(actions.resolve, declaration, LIU_DESK, **SCENE.solution())
    assert declaration.resolution_clock.met is met


# Repeats


def on(day: str, **changes: Any) -> Declaration:
    with set_clock(at(day)):
        return graded(**changes)


def test_repeats_are_of_the_same_customer_and_leaf_by_receipt() -> None:
    other = scenes.Scene(customer=BANK_C, desk=LIU_DESK, contact=HAN_BANK_C)
    with set_clock(at("11-09T10:00:00")):
        graded(other)
    first, second = on("11-10T10:00:00"), on("11-11T10:00:00")
    assert (first.repeat_ordinal, second.repeat_ordinal, second.repeats) == (1, 2, [first.number])


def test_two_of_the_same_minute_are_two() -> None:
    minute = at("11-23T10:00:00")
    on("11-23T10:01:00", received_at=minute)
    assert on("11-23T10:02:00", received_at=minute).repeat_ordinal == 2


def test_the_window_reaches_ninety_days_back() -> None:
    third = at("11-23T10:00:00")
    on((third - timedelta(days=90)).isoformat()[5:19])
    assert on("11-23T10:00:00").repeat_ordinal == 1
    on((third - timedelta(days=89)).isoformat()[5:19])
    assert on("11-23T10:00:01").repeat_ordinal == 3


def test_invalid_handed_over_and_corrected_ones_do_not_count() -> None:
    with set_clock(at("11-20T10:00:00")):
        SCENE.invalid()
        SCENE.handed_over()
        SCENE.do(escalation.change_type, SCENE.classified("minor", "low"), LIU_DESK, to="complaint", reason="误判")
    assert on("11-23T10:00:00").repeat_ordinal == 1


def test_a_severe_one_that_nobody_asked_for_takes_the_third_nothing_away() -> None:
    on("11-20T10:00:00")
    severe = on("11-20T11:00:00", impact="severe")
    assert (severe.escalation_state, severe.escalation_triggers) == ("required", ["severe_impact"])
    assert on("11-20T12:00:00").escalation_triggers == ["repeat_threshold"]
    fourth = on("11-20T13:00:00")
    assert (fourth.escalation_triggers, fourth.linked_to.repeat_ordinal) == ([], 3)


def test_the_other_reading_of_three_is_a_parameter(parameter: Any) -> None:
    first = on("11-20T10:00:00")
    parameter(first, "repeat_threshold", 4)
    on("11-20T11:00:00")
    assert on("11-20T12:00:00").escalation_triggers == []
    assert on("11-20T13:00:00").escalation_triggers == ["repeat_threshold"]
