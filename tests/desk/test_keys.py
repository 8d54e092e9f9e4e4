"""Every step in sight of one person on one record has a letter of its own."""

from __future__ import annotations

from collections import Counter

import pytest

from desk.record.bar import bar_of
from incidents.access import next_steps
from incidents.models import Declaration
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


def test_handing_on_and_taking_over_have_letters(records: dict[str, Declaration]) -> None:
    for who, verb in ((LIU_DESK, "reassign"), (WANG_DESK, "take_on")):
        record = records["in_progress"]
        found = {each.verb: each.key for each in bar_of(record, next_steps(staff(who), record)).all}
        assert found[verb]
