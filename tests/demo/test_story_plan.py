"""The plan of the firm's days: the same whenever it is asked for, varied, and with something at every step always."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.story import hours
from demo.story.firm import clients, taken_keys
from demo.story.plan import FEWEST, calls_of
from demo.story.upkeep import upkeep
from demo.story.visits import calls_at
from incidents.models import Channel, State, Type
from incidents.models.choices import OPEN_STATES

DAYS = st.dates(date(2026, 8, 1), date(2030, 12, 31))
SINCE = datetime(2026, 9, 1, tzinfo=hours.CHINA)
INSTANTS = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: SINCE + timedelta(minutes=minutes))
AFTER: dict[str, str] = {
    "relay": State.RELAYED,
    "accept": State.ACCEPTED,
    "classify": State.CLASSIFIED,
    "start": State.IN_PROGRESS,
    "resume": State.IN_PROGRESS,
    "reject": State.IN_PROGRESS,
    "wait": State.WAITING_CUSTOMER,
    "resolve": State.RESOLVED,
    "quick_solve": State.RESOLVED,
    "close": State.CLOSED,
    "file": State.FILED,
    "withdraw": State.WITHDRAWN,
    "accept_request": State.REQUEST_IN_PROGRESS,
    "decline_request": State.REQUEST_DECLINED,
    "complete_request": State.REQUEST_DONE,
    "complete_handover": State.HANDOVER_DONE,
}
SCREENED: dict[str, str] = {
    "incident": State.SCREENED,
    "service_request": State.REQUEST_REVIEW,
    "invalid": State.INVALID,
}


def _days(first: date, weeks: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(7 * weeks)]


def _twelve_weeks() -> list[dict[str, Any]]:
    return [call for day in _days(date(2027, 2, 22), 12) for call in calls_of(day)]


def _state(call: dict[str, Any], at: datetime) -> str | None:
    """What becomes of it by then, where nothing repeats."""
    found = None
    for step in call["steps"]:
        if datetime.fromisoformat(step["at"]) <= at:
            found = _after(step, call, found)
    return found


def _after(step: dict[str, Any], call: dict[str, Any], before: str | None) -> str | None:
    if step["verb"] == "screen":
        return SCREENED.get(step["values"]["verdict"], State.HANDED_OVER)
    if step["verb"] == "receive_handover":
        return State.HANDOVER_DONE if step is call["steps"][-1] else State.HANDOVER_RECEIVED
    return AFTER.get(step["verb"], before)


@given(day=DAYS)
@settings(max_examples=40)
def test_a_day_is_the_same_whenever_it_is_asked_for(day: date) -> None:
    first = calls_of(day)
    calls_of(day - timedelta(days=1))
    assert calls_of(day) == first


@given(day=DAYS)
@settings(max_examples=40)
def test_a_working_day_brings_eight_to_fifteen_calls_and_another_at_most_one(day: date) -> None:
    calls = calls_of(day)
    if hours.is_working_day(day):
        assert FEWEST <= len(calls) <= 15
    else:
        assert len(calls) <= 1


@given(day=DAYS)
@settings(max_examples=40)
def test_the_steps_of_a_call_follow_one_another(day: date) -> None:
    for call in calls_of(day):
        moments = [datetime.fromisoformat(step["at"]) for step in call["steps"]]
        assert moments == sorted(set(moments))
        assert call["steps"][0]["verb"] in ("accept", "relay")
        assert moments[-1] - moments[0] < timedelta(days=60)


@given(at=INSTANTS)
@settings(max_examples=20)
def test_at_any_instant_some_twenty_calls_are_open_and_one_at_each_step(at: datetime) -> None:
    calls = [*calls_at(at), *(call for day in _days(at.date() - timedelta(days=48), 7) for call in calls_of(day))]
    found = Counter(_state(call, at) for call in calls)
    assert set(found) >= set(OPEN_STATES)
    assert 13 <= sum(found[state] for state in OPEN_STATES) <= 30


def test_what_has_just_come_in_stays_where_it_is_until_after_the_visit() -> None:
    visit = datetime(2027, 3, 6, 3, tzinfo=hours.CHINA)
    for call in calls_at(visit):
        assert datetime.fromisoformat(call["steps"][0]["at"]) < visit
        assert visit < datetime.fromisoformat(call["steps"][-1]["at"])


def test_twelve_weeks_show_every_channel_type_and_person() -> None:
    calls = _twelve_weeks()
    steps = [step for call in calls for step in call["steps"]]
    channels = {call["steps"][0]["values"]["channel"] for call in calls}
    verdicts = {step["values"]["verdict"] for step in steps if step["verb"] == "screen"}
    assert channels == set(Channel)
    assert verdicts == set(Type) - {Type.UNKNOWN}
    assert {step["by"] for step in steps} >= {f"S{number:02}" for number in range(1, 13)}
    assert {call["caller"].get("customer_id") for call in calls} >= set(clients())
    graded = Counter(
        (step["values"]["impact"], step["values"]["urgency"]) for step in steps if "impact" in step["values"]
    )
    assert set(graded) >= {("severe", "high"), ("moderate", "high"), ("moderate", "medium"), ("minor", "low")}


def test_its_texts_are_as_varied_as_the_calls() -> None:
    calls = _twelve_weeks()
    told = Counter(call["subject"] + call["body"] for call in calls)
    assert len(told) > 0.95 * len(calls)
    assert not any(mark in json.dumps(calls, ensure_ascii=False) for mark in ("{place}", "{n}", "{m}", "{paper}"))


def test_the_repeats_of_the_thirty_are_left_to_them() -> None:
    graded = [
        (call["caller"]["customer_id"], step["values"]["leaf"])
        for call in _twelve_weeks()
        for step in call["steps"]
        if step["verb"] == "classify"
    ]
    assert not taken_keys() & set(graded)


@pytest.mark.parametrize(
    ("client", "day", "number"),
    [
        ("C03", date(2026, 12, 31), "DEMO-HT-2026-003"),
        ("C03", date(2027, 1, 1), "DEMO-HT-2027-003"),
        ("C02", date(2028, 2, 29), "DEMO-HT-2027-002"),
        ("C02", date(2028, 3, 1), "DEMO-HT-2028-002"),
        ("C08", date(2029, 1, 1), "DEMO-HT-2024-018"),
    ],
)
def test_contracts_are_renewed_year_by_year_but_for_who_has_left(client: str, day: date, number: str) -> None:
    assert clients()[client].contract_on(day) == number


def test_a_renewal_is_entered_before_it_begins() -> None:
    renewals = [step for call in upkeep() for step in call["steps"] if step["verb"] == "renew_contract"]
    assert renewals
    assert all(step["at"][:10] < step["values"]["starts_on"] for step in renewals)


def test_a_working_day_made_up_on_a_saturday_is_one() -> None:
    assert hours.is_working_day(date(2026, 10, 10))
    assert not hours.is_working_day(date(2026, 10, 5))
    assert hours.ordinal(date(2027, 1, 4)) == hours.ordinal(date(2026, 12, 31)) + 1
