"""The chance of a miss, told from counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.prediction import Caution, Experience, Observation, likely_from, outlook

CAUTION = Caution(cases=10, reached=3, weight=5)
HOUR = timedelta(hours=1)
percents = st.integers(0, 99)
observations = st.lists(
    st.one_of(
        st.builds(Observation, percents, st.just("solved")),
        st.builds(Observation, percents, st.just("lost")),
        st.just(Observation(100, "missed")),
    ),
    max_size=60,
)


def cases(solved: dict[int, int], missed: int = 0, lost: dict[int, int] | None = None) -> Experience:
    seen = [Observation(percent, "solved") for percent, number in solved.items() for _ in range(number)]
    seen += [Observation(percent, "lost") for percent, number in (lost or {}).items() for _ in range(number)]
    return Experience.of([*seen, *[Observation(100, "missed")] * missed])


@pytest.mark.parametrize(
    ("used", "solved", "expected"),
    [
        (0 * HOUR, True, Observation(0, "solved")),
        (3 * HOUR, True, Observation(75, "solved")),
        (4 * HOUR - timedelta(microseconds=1), True, Observation(99, "solved")),
        (4 * HOUR, True, Observation(100, "missed")),
        (9 * HOUR, False, Observation(100, "missed")),
        (2 * HOUR, False, Observation(50, "lost")),
        (-HOUR, True, Observation(0, "solved")),
    ],
)
def test_a_case_is_seen_by_the_share_of_its_time(used, solved, expected):
    assert Observation.seen(used, 4 * HOUR, solved=solved) == expected


def test_without_lost_cases_the_chance_is_a_plain_share():
    kind = cases({10: 20, 40: 6, 80: 5}, missed=7)
    assert (kind.known, kind.reached(64)) == (38, 12)
    assert kind.chance(64) == pytest.approx(7 / 12)
    assert kind.chance(0) == pytest.approx(7 / 38)
    assert kind.chance(99) == 1


def test_a_case_that_is_still_open_counts_as_long_as_it_was_seen():
    kind = cases({20: 5, 60: 5}, missed=5, lost={40: 10})
    # 25 seen at 20 %, 10 left at 60 %: 20/25 × 5/10.
    assert kind.chance(0) == pytest.approx(0.8 * 0.5)
    assert kind.at_risk(30) == 20
    assert kind.chance(41) == pytest.approx(0.5)


@given(observations)
def test_the_longer_a_case_runs_the_likelier_it_misses(seen):
    kind = Experience.of(seen)
    chances = [kind.chance(percent) for percent in range(100)]
    assert chances == sorted(chances)
    assert all(0 <= chance <= 1 for chance in chances)


@given(observations, percents)
def test_the_chance_lies_between_lost_cases_all_missing_and_all_being_solved(seen, percent):
    kind = Experience.of(seen)
    unsolved = kind.at_risk(percent)
    if kind.reached(percent) and unsolved:
        assert kind.missed / unsolved - 1e-9 <= kind.chance(percent)
        assert kind.chance(percent) <= (unsolved - sum(kind.solved[percent:])) / unsolved + 1e-9


@given(observations, observations, percents)
def test_a_narrow_kind_lies_between_its_own_chance_and_that_of_the_wider(own, other, percent):
    narrow, wide = Experience.of(own), Experience.of([*own, *other])
    told = outlook([narrow, wide], percent, Caution(cases=1, reached=1, weight=5)).chance
    if told is not None:
        between = sorted([narrow.chance(percent), wide.chance(percent)])
        assert between[0] - 1e-9 <= told <= between[1] + 1e-9


def test_few_own_cases_hardly_move_what_the_wider_kind_says():
    wide = cases({10: 80}, missed=20)
    stranger, two, many = cases({}), cases({}, missed=2), cases({}, missed=95)
    assert outlook([stranger, wide], 0, CAUTION).chance == pytest.approx(0.2)
    assert outlook([two, wide], 0, CAUTION).chance == pytest.approx((2 * 1 + 5 * 0.2) / 7)
    assert outlook([many, wide], 0, CAUTION).chance == pytest.approx(0.96)


def test_the_explanation_counts_the_narrowest_kind_with_enough_cases():
    leaf, wide = cases({10: 4}, missed=3), cases({10: 20, 40: 6, 80: 5}, missed=7)
    told = outlook([leaf, wide], 64, CAUTION)
    assert (told.kind, told.known, told.reached, told.missed) == (1, 38, 12, 7)
    own = cases({10: 20, 80: 1}, missed=7)
    assert outlook([own, wide], 64, CAUTION).kind == 0


def test_with_too_little_history_nothing_is_said():
    few = cases({10: 6}, missed=3)
    told = outlook([cases({}), few], 20, CAUTION)
    assert (told.chance, told.kind, told.known) == (None, 1, 9)
    assert likely_from([few], 0.1, CAUTION) is None
    # Enough cases, but only two ever got so far.
    assert outlook([cases({10: 50}, missed=2)], 20, CAUTION).chance is None


def test_a_miss_becomes_likely_where_the_quick_ones_are_behind():
    kind = cases({5: 40, 30: 10, 70: 4}, missed=6)
    assert likely_from([kind], 0.6, CAUTION) == 31
    assert likely_from([kind], 0.61, CAUTION) == 71
    assert likely_from([kind], 0.05, CAUTION) == 0
    assert likely_from([cases({5: 40, 90: 10})], 0.3, CAUTION) is None


@given(observations, observations, st.floats(0.05, 1))
def test_from_there_on_it_stays_likely(own, other, chance):
    chain = [Experience.of(own), Experience.of([*own, *other])]
    caution = Caution(cases=5, reached=2, weight=5)
    percent = likely_from(chain, chance, caution)
    if percent is None:
        return
    told = [outlook(chain, later, caution).chance for later in range(percent, 100)]
    assert all(each >= chance for each in told if each is not None)
