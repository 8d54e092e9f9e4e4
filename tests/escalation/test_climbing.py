"""A warning that nobody acknowledges climbs to the head, then to management, and there it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.actions import delegate
from base.clock import now, set_clock
from escalation import actions as escalation
from escalation.actions.climbing import Climbing
from escalation.models import Acknowledgement, Climb, Unanswered
from incidents.models import Declaration
from ledger.exceptions import NotPermitted
from ledger.models import Entry
from ledger.verification import compare
from notifications.models import Notification
from tests import scenes
from tests.escalation.sweeping import at, facts, minor_in_progress, sweep_at, told
from tests.firm import CHEN_HEAD, GAO_MANAGEMENT, LIU_DESK, WANG_DESK, ZHAO_DESK, person, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("firm")]
Parameter = Callable[[Declaration, str, object], None]


@pytest.fixture
def overdue() -> Declaration:
    """Level 4, all three thresholds told at 15:30 on Monday; four working hours to acknowledge: Tuesday 10:30."""
    declaration = minor_in_progress()
    assert sweep_at("2026-11-23T15:30:00") == 3
    return declaration


def climbs() -> list[tuple[str, str]]:
    return list(Climb.objects.order_by("pk").values_list("role", "user__employee_number"))


def acknowledge(declaration: Declaration, by: str, text: str = "2026-11-23T16:00:00") -> int:
    with set_clock(at(text)):
        return escalation.acknowledge_warnings(declaration.pk, actor=staff(by))


def test_before_its_time_nobody_further_up_is_told(overdue: Declaration) -> None:
    sweep_at("2026-11-24T10:29:59")
    assert climbs() == []


def test_it_climbs_to_the_head_then_to_management_and_ends(overdue: Declaration) -> None:
    sweep_at("2026-11-24T10:30:00")
    assert climbs() == [("department_head", CHEN_HEAD)]
    assert told("unanswered.department_head") == [CHEN_HEAD]
    sweep_at("2026-11-24T16:00:00")
    assert climbs() == [("department_head", CHEN_HEAD), ("management", GAO_MANAGEMENT)]
    for day in range(25, 29):
        sweep_at(f"2026-11-{day}T17:00:00")
    assert len(climbs()) == 2
    assert [fact["ended"] for fact in facts(overdue, "climb_warning")] == [False, False, True]
    assert compare(Declaration.objects.get(pk=overdue.pk)) is None


def test_swept_again_it_climbs_once(overdue: Declaration) -> None:
    for _ in range(3):
        sweep_at("2026-11-24T10:30:00")
    assert len(climbs()) == 1


@pytest.mark.parametrize("who", [LIU_DESK, CHEN_HEAD])
def test_one_who_takes_note_ends_it(overdue: Declaration, who: str) -> None:
    assert acknowledge(overdue, who) == 3
    sweep_at("2026-11-24T18:00:00")
    assert climbs() == []
    assert Acknowledgement.objects.filter(by__employee_number=who).count() == 3


def test_taking_note_twice_changes_nothing(overdue: Declaration) -> None:
    assert [acknowledge(overdue, LIU_DESK) for _ in range(3)] == [3, 0, 0]
    assert Entry.objects.filter(stream=overdue.stream, action="acknowledge_warning").count() == 1
    assert Declaration.objects.get(pk=overdue.pk).version == overdue.version


def test_taking_note_reads_the_bell(overdue: Declaration) -> None:
    acknowledge(overdue, LIU_DESK)
    assert not Notification.objects.filter(user__employee_number=LIU_DESK, event__startswith="warning.", seen_at=None)
    assert Notification.objects.filter(user__employee_number=CHEN_HEAD, event__startswith="warning.", seen_at=None)


def test_whoever_was_not_warned_may_not(overdue: Declaration) -> None:
    with pytest.raises(NotPermitted):
        acknowledge(overdue, WANG_DESK)


def test_whoever_does_not_see_the_record_learns_nothing(overdue: Declaration) -> None:
    with pytest.raises(Declaration.DoesNotExist):
        acknowledge(overdue, ZHAO_DESK)


def test_whom_it_climbed_to_may_take_note(overdue: Declaration) -> None:
    sweep_at("2026-11-24T10:30:00")
    sweep_at("2026-11-24T16:00:00")
    assert acknowledge(overdue, GAO_MANAGEMENT, "2026-11-24T16:10:00") >= 1
    assert not Unanswered.objects.exists()


def test_a_record_that_has_ended_has_nothing_to_take_note_of(overdue: Declaration) -> None:
    with set_clock(at("2026-11-23T15:40:00")):
        scenes.Scene().do(escalation.withdraw, overdue, LIU_DESK, who="唐若宁", how="电话")
    assert acknowledge(overdue, LIU_DESK) == 0
    assert not Notification.objects.filter(user__employee_number=LIU_DESK, event__startswith="warning.", seen_at=None)


def test_what_is_settled_climbs_no_further(overdue: Declaration) -> None:
    with set_clock(at("2026-11-23T15:40:00")):
        scenes.Scene().do(escalation.withdraw, overdue, LIU_DESK, who="唐若宁", how="电话")
    sweep_at("2026-11-24T10:30:00")
    assert climbs() == []
    assert not Unanswered.objects.exists()


def test_an_absent_head_is_skipped_for_the_deputy_with_a_trace(overdue: Declaration) -> None:
    with set_clock(at("2026-11-23T16:00:00")):
        away(overdue, to=LIU_DESK)
    sweep_at("2026-11-24T10:30:00")
    assert climbs() == [("department_head", LIU_DESK)]
    [fact] = facts(overdue, "climb_warning")
    assert fact["skipped"] == [
        {"role": "department_head", "person": person(CHEN_HEAD).stream, "name": person(CHEN_HEAD).name}
    ]


def away(declaration: Declaration, *, to: str) -> None:
    delegate(
        role="department_head",
        from_user=person(CHEN_HEAD),
        to_user=person(to),
        starts_at=now(),
        ends_at=now() + timedelta(days=3),
        reason="出差",
        department=declaration.department,
        actor=staff(CHEN_HEAD),
    )


def test_management_is_spared_what_is_not_late_yet(parameter: Parameter) -> None:
    declaration = minor_in_progress()
    parameter(declaration, "acknowledge_within", {"other": {"value": 5, "unit": "minute", "clock": "natural"}})
    sweep_at("2026-11-23T14:30:00")
    sweep_at("2026-11-23T14:35:00")
    sweep_at("2026-11-23T14:40:00")
    assert climbs() == [("department_head", CHEN_HEAD)]


def test_a_new_threshold_begins_the_chain_again() -> None:
    declaration = minor_in_progress()
    sweep_at("2026-11-23T14:30:00")
    sweep_at("2026-11-23T15:06:00")
    assert Unanswered.objects.get().warning.threshold == 90
    assert Unanswered.objects.get().declaration_id == declaration.pk


def test_no_more_than_so_many_an_hour(overdue: Declaration, parameter: Parameter) -> None:
    parameter(overdue, "climbs_an_hour", 1)
    parameter(overdue, "acknowledge_within", {"other": {"value": 5, "unit": "minute", "clock": "natural"}})
    sweep_at("2026-11-24T10:30:00")
    sweep_at("2026-11-24T10:35:00")
    assert len(climbs()) == 1
    sweep_at("2026-11-24T11:29:59")
    assert len(climbs()) == 1
    sweep_at("2026-11-24T11:30:00")
    assert [role for role, _who in climbs()] == ["department_head", "management"]


def test_a_chain_that_names_somebody_twice_tells_him_once(overdue: Declaration, parameter: Parameter) -> None:
    parameter(overdue, "climb_chain", ["management", "management", "department_head", "management"])
    for day in range(24, 29):
        sweep_at(f"2026-11-{day}T18:00:00")
    assert climbs() == [("management", GAO_MANAGEMENT), ("department_head", CHEN_HEAD)]


def test_level_1_climbs_at_night() -> None:
    with set_clock(scenes.MONDAY):
        declaration = scenes.Scene().in_progress("severe", "high")
    assert declaration.priority == 1
    night = at("2026-11-24T23:00:00")
    with set_clock(night):
        assert escalation.sweep() == 3
    with set_clock(night + timedelta(minutes=15)):
        escalation.sweep()
    assert climbs() == [("department_head", CHEN_HEAD)]


def test_at_night_the_low_levels_climb_not(overdue: Declaration, parameter: Parameter) -> None:
    parameter(overdue, "acknowledge_within", {"other": {"value": 360, "unit": "minute", "clock": "natural"}})
    Unanswered.objects.update(next_check_at=at("2026-11-23T21:30:00"))
    sweep_at("2026-11-23T21:30:00")
    assert climbs() == []
    sweep_at("2026-11-24T09:00:00")
    assert len(climbs()) == 1


def test_one_that_cannot_climb_holds_up_nobody(overdue: Declaration, monkeypatch: pytest.MonkeyPatch) -> None:
    other = minor_in_progress()
    sweep_at("2026-11-23T15:30:00")
    take = Climbing.take

    def failing(ladder: Climbing, row: Unanswered, declaration: Declaration) -> None:
        if declaration.pk == overdue.pk:
            raise RuntimeError("broken")
        take(ladder, row, declaration)

    monkeypatch.setattr(Climbing, "take", failing)
    sweep_at("2026-11-24T10:30:00")
    assert list(Climb.objects.values_list("declaration_id", flat=True)) == [other.pk]
    assert Unanswered.objects.get(declaration=overdue).next_check_at == at("2026-11-24T10:35:00")
