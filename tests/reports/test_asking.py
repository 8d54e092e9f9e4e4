"""What the page of the figures is asked for, while there is nothing to count: what it understands and refuses."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_nothing_counted_is_a_dash(head: Client) -> None:
    body = head.get("/reports/").content.decode()
    assert [rate.rate.words for rate in head.get("/reports/").context["total"].rates] == ["–"] * 3
    assert "No incident was solved in this period." in body
    assert "100%" not in body
    assert "0%" not in body


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ("since=2026-13", "since", "Write the month as 2026-08."),
        ("since=%00", "since", "Null characters are not allowed."),
        ("since=2026-09&until=2026-08", "until", "The last month lies before the first one. Choose a later one."),
        ("until=2027-08", "until", "This month has not come yet. Choose the present one or an earlier one."),
        ("since=2019-01", "since", "Choose at most 36 months."),
    ],
)
def test_what_cannot_be_asked_is_said_and_kept(head: Client, asked: str, field: str, sentence: str) -> None:
    response = head.get(f"/reports/?{asked}")
    assert (response.status_code, response.context["form"].errors[field]) == (422, [sentence])
    typed = parse_qs(asked)[field][0]
    if typed.isprintable():
        assert f'value="{typed}"' in response.content.decode()
    assert head.get(f"/reports/records/?{asked}").status_code == 302


@pytest.mark.parametrize("asked", ["level=9", "department=9", "customer=%F0%9F%92%A5", "by=%3Cscript%3E"])
def test_unknown_choices_are_refused(head: Client, asked: str) -> None:
    assert head.get(f"/reports/?{asked}").status_code == 422


@pytest.mark.parametrize("written", ["2026-8", "2026/08", "2026.8", "2026年8月", "２０２６-08"])
def test_a_month_is_read_however_people_write_it(head: Client, written: str) -> None:
    response = head.get("/reports/", {"since": written})
    assert str(response.context["rows"][0].label) == "2026-08"
