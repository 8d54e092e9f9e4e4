"""`make mutants` draws its sample anew in the same way, and its score is that of what was tried."""

from __future__ import annotations

from collections import Counter
from types import ModuleType

import pytest

from tests.config.programs import program

CHANGES = {
    "incidents.models.guards.x_is_late__mutmut_1": "state machine",
    "incidents.access.people.x_handlers__mutmut_2": "access",
    "knowledge.access.x_may_see__mutmut_1": "access",
    "sla.targets.xǁTargetǁfrom_data__mutmut_10": "sla",
    "ledger.actions.chains.x_append__mutmut_3": "ledger",
}


@pytest.fixture(scope="module")
def mutants() -> ModuleType:
    return program("mutants")


@pytest.mark.parametrize(("name", "group"), CHANGES.items())
def test_a_change_counts_to_its_group(mutants: ModuleType, name: str, group: str) -> None:
    assert mutants.group_of(name) == group
    assert group in mutants.GROUPS


def test_as_many_are_drawn_of_each_group_and_the_same_again(mutants: ModuleType) -> None:
    names = [f"{room}.x_f__mutmut_{number}" for room in ("sla.targets", "ledger.keys") for number in range(20)]
    drawn = mutants.drawn([*names, "audit.access.x_f__mutmut_1"], 5, seed=1)
    assert Counter(map(mutants.group_of, drawn)) == {"access": 1, "ledger": 5, "sla": 5}
    assert mutants.drawn([*reversed(names), "audit.access.x_f__mutmut_1"], 5, seed=1) == drawn
    assert mutants.drawn(names, 5, seed=2) != drawn
    assert sorted(mutants.drawn(names, 0, seed=1)) == sorted(names)


def test_what_no_test_runs_is_as_unnoticed_as_what_survives(mutants: ModuleType) -> None:
    results = ("killed", "timeout", "survived", "no tests")
    scores = mutants.scores({f"sla.targets.x_f__mutmut_{number}": each for number, each in enumerate(results)})
    assert list(scores) == ["sla"]
    assert scores["sla"].missed == ["sla.targets.x_f__mutmut_2", "sla.targets.x_f__mutmut_3"]
    assert str(scores["sla"]) == "2 of 4 noticed, 50% (15% to 85% of all)"
