"""Times, spans and numbers in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from base import wording

MORNING = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)  # 09:42 in Shanghai


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59.999), "under 1 min"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(hours=9, minutes=30, seconds=59), "9 h 30 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=6, hours=5, minutes=30), "6 d 5 h"),
        (timedelta(days=41, minutes=59), "41 d"),
        (timedelta(minutes=-22), "22 min"),
        (1680, "28 min"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units_rounded_down(span: timedelta | float, words: str) -> None:
    assert wording.duration(span) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 11, 23, 10, 30, tzinfo=UTC), "today 18:30"),
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), "today 23:59"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "tomorrow 00:00"),
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "yesterday 23:59"),
        (datetime(2026, 11, 26, 1, 30, tzinfo=UTC), "11-26 09:30"),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025-12-31 23:59"),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "01-01 00:00"),
    ],
)
def test_an_instant_is_said_in_the_zone_of_the_reader_as_near_as_it_needs(clock, instant: datetime, words: str) -> None:
    clock.set(MORNING)
    assert wording.clock_time(instant) == words


def test_another_zone_has_another_today(clock) -> None:
    clock.set(MORNING)
    with timezone.override(ZoneInfo("America/New_York")):
        assert wording.clock_time(MORNING) == "today 20:42"
        assert wording.clock_time(MORNING + timedelta(hours=4)) == "tomorrow 00:42"


def test_a_day_of_the_time_line_has_its_name_or_its_year(clock) -> None:
    clock.set(MORNING)
    assert wording.day_head(MORNING) == "Today 23 Nov"
    assert wording.day_head(MORNING - timedelta(days=1)) == "Yesterday 22 Nov"
    assert wording.day_head(MORNING - timedelta(days=2)) == "21 Nov"
    assert wording.day_head(MORNING - timedelta(days=365)) == "2025-11-23"


def test_the_chinese_of_a_day_has_its_month_first() -> None:
    with translation.override("zh-hans"):
        assert wording.day(MORNING) == "11 月 23 日 周一"
        assert wording.duration(34200) == "9 小时 30 分"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13900003002", "139 0000 3002"),
        ("+8613900003002", "+86 139 0000 3002"),
        ("010-00000302", "010-00000302"),
        (" 95588 ", "95588"),
        ("139000030021", "139000030021"),
    ],
)
def test_a_mobile_number_is_read_in_groups(number: str, shown: str) -> None:
    assert wording.phone(number) == shown
