"""Every step in sight of one person on one record has a letter of its own."""

from __future__ import annotations

from collections import Counter

import pytest

from desk.record.bar import bar_of
from incidents.access import next_steps
from incidents.models import Declaration
from record_form.verbs import SCREENING, STEPS
from tests.firm import CHEN_HEAD, LIU_DESK, WANG_DESK, staff

pytestmark = pytest.mark.django_db
# What has another meaning on every page or on a record.
TAKEN = frozenset("NGPOX")


@pytest.mark.parametrize("who", [LIU_DESK, WANG_DESK, CHEN_HEAD])
def test_no_two_steps_share_a_letter(records: dict[str, Declaration], who: str) -> None:
    for state, record in records.items():
        shown = bar_of(record, next_steps(staff(who), record)).all
        letters = Counter(each.key for each in shown if each.key)
        assert [key for key, count in letters.items() if count > 1] == [], state
        assert TAKEN.isdisjoint(letters), state


def test_two_steps_with_one_letter_are_never_possible_in_one_state() -> None:
    taken: dict[tuple[str, str], str] = {}
    for step in STEPS.values():
        for state in step.move.sources if step.key else ():
            # The four outcomes of screening are one button.
            name = "screen" if step.name in SCREENING else step.name
            assert taken.setdefault((step.key, state), name) == name, (step.key, state)


def test_handing_on_and_taking_over_have_letters(records: dict[str, Declaration]) -> None:
    for who, verb in ((LIU_DESK, "reassign"), (WANG_DESK, "take_on")):
        record = records["in_progress"]
        found = {each.verb: each.key for each in bar_of(record, next_steps(staff(who), record)).all}
        assert found[verb]
