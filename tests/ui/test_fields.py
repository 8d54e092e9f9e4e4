"""What fields of every room refuse."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone

from base.zones import zone_of
from ui import fields


@pytest.mark.parametrize("field", [fields.line("Name"), fields.text("Reason", longest=500)])
def test_control_characters_are_refused(field):
    with pytest.raises(ValidationError, match="control characters"):
        field.clean("坏\x07字")


def test_a_line_may_have_validators_of_its_own():
    field = fields.line("Account", validators=[RegexValidator(r"^\w+\Z", "Letters only")])
    with pytest.raises(ValidationError, match="Letters only"):
        field.clean("a b")
    with pytest.raises(ValidationError, match="control characters"):
        field.clean("a\x1bb")


@pytest.mark.parametrize(("typed", "day"), [("2000-01-01", date(2000, 1, 1)), ("2199/12/31", date(2199, 12, 31))])
def test_the_first_and_the_last_day_are_taken(typed, day):
    assert fields.day("Day").clean(typed) == day


@pytest.mark.parametrize("typed", ["1999-12-31", "2200-01-01", "0001-01-01", "9999-12-31"])
def test_a_day_far_away_is_refused(typed):
    with pytest.raises(ValidationError, match="2000 to 2199"):
        fields.day("Day").clean(typed)


@pytest.mark.parametrize(
    ("at", "meant"),
    [
        ("2026-11-01T05:40Z", "2026-11-01T05:30Z"),
        ("2026-11-01T06:30Z", "2026-11-01T06:30Z"),
        ("2026-11-05T09:00Z", "2026-11-01T06:30Z"),
        ("2026-10-05T09:00Z", "2026-11-01T05:30Z"),
    ],
)
def test_a_time_that_the_clock_shows_twice_is_the_later_one_that_has_come(clock, at, meant):
    """New York goes from two in the morning back to one: a call of that hour can be entered all the same."""
    clock.set(datetime.fromisoformat(at))
    with timezone.override(zone_of("America/New_York")):
        assert fields.moment("Received").clean("2026-11-01T01:30") == datetime.fromisoformat(meant)


def test_a_time_that_the_clock_skips_is_refused():
    with timezone.override(zone_of("America/New_York")), pytest.raises(ValidationError, match="skips this time"):
        fields.moment("Received").clean("2026-03-08T02:30")
