"""The same facts give the same bytes."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
import rfc8785
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import canonical, digest, field_values, plain, stored_form
from ledger.models import Entry


def test_keys_are_sorted_and_nothing_is_escaped_that_needs_not_be():
    assert canonical({"b": 1, "a": "业务"}) == '{"a":"业务","b":1}'


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(DOCUMENTS)
def test_it_is_the_canonical_form_that_others_write(value):
    assert canonical(value).encode() == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        ([1e21, 0.5, -0.0], "[1e+21,0.5,0]"),
        ({"\ufb33": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb33":1}'),
    ],
)
def test_numbers_and_keys_of_other_planes_are_written_as_the_standard_says(value, text):
    assert canonical(value) == text


def test_a_number_that_others_would_read_otherwise_is_refused():
    with pytest.raises(ValueError, match="exceeds"):
        canonical({"number": 2**53})


def test_control_characters_are_escaped_so_that_any_database_takes_them():
    assert canonical("a\x00b\n") == r'"a\u0000b\n"'


def test_an_instant_reads_the_same_from_every_zone():
    china = datetime(2026, 11, 23, 9, 42, tzinfo=timezone(timedelta(hours=8)))
    assert plain(china) == plain(china.astimezone(UTC)) == "2026-11-23T01:42:00.000000+00:00"


class Count(int):
    """A number of a kind of its own."""


class Colour(models.TextChoices):
    RED = "red", gettext_lazy("red")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 11, 23), "2026-11-23"),
        (timedelta(hours=25), "P1DT01H00M00S"),
        (Decimal("1E+2"), "100"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.RED, "red"),
        (b"abc", "sha256:" + hashlib.sha256(b"abc").hexdigest()),
        ({"a": (1, None)}, {"a": [1, None]}),
        ({"b", "a"}, ["a", "b"]),
        (mark_safe("<b>"), "<b>"),
        (Count(4), 4),
    ],
)
def test_each_kind_of_value_has_one_form(value, expected):
    assert plain(value) == expected


@pytest.mark.parametrize("value", [object(), datetime(2026, 1, 1)])  # noqa: DTZ001
def test_what_has_no_form_is_refused(value):
    with pytest.raises(TypeError):
        plain(value)


def test_a_key_that_is_no_text_is_written_as_its_text():
    assert canonical({date(2026, 11, 23): 1}) == '{"2026-11-23":1}'


def test_numbers_that_json_does_not_know_are_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


def test_the_digest_is_that_of_the_bytes():
    assert digest("业务") == hashlib.sha256("业务".encode()).hexdigest()


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**31), 2**31),
    st.text(),
    st.sampled_from(["1", "2026-11-23T10:00:00+08:00"]),
    st.datetimes(timezones=st.just(UTC)),
    st.decimals(-(2**53) + 1, 2**53 - 1, allow_nan=False, allow_infinity=False, places=2),
    st.just(gettext_lazy("Close")),
)


@given(sequence=VALUES, actor=VALUES)
def test_the_short_way_to_the_values_of_a_row_ends_where_the_long_one_does(sequence, actor):
    """Whatever stands in a field, `field_values` tells it as `stored_form` does, or both refuse it."""
    given_values = {"sequence": sequence, "actor": actor}
    entry = Entry(**given_values)
    try:
        expected = {name: stored_form(Entry._meta.get_field(name), value) for name, value in given_values.items()}
    except (ValidationError, TypeError):
        with pytest.raises((ValidationError, TypeError)):
            field_values(entry)
        return
    told = field_values(entry)
    assert canonical({name: told[name] for name in given_values}) == canonical(expected)
