"""Whatever happens to a clock in whatever order: its row is what its events tell."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla.actions import (
    ClockError,
    cancel,
    claim_due,
    continue_clock,
    mark_checked,
    pause,
    replay,
    resume,
    retarget,
    start_clock,
    stop,
)
from sla.history import differences
from sla.models import Calendar, Clock
from sla.targets import Target
from tests.sla.conftest import march

pytestmark = pytest.mark.django_db
TARGETS = [
    Target(4, "hour", "working"),
    Target(30, "minute", "working"),
    Target(24, "hour", "natural"),
    Target(1, "working_day", "working"),
    Target(1, "calendar_month", "natural"),
]
DERIVED = {
    "due_at": march(1, 0),
    "started_at": march(1, 0),
    "target": {},
    "source": "",
    "thresholds": [],
    "pause_spans": [],
    "paused_at": None,
    "stopped_at": None,
    "met": None,
    "breached_at": None,
    "cancelled_at": None,
    "next_check_at": None,
    "calendar_version": None,
    "cycle": 9,
    "event_count": 0,
}
PLAIN = {"pause": pause, "resume": resume, "stop": stop, "cancel": cancel, "continue": continue_clock}
moves = st.lists(
    st.tuples(
        st.sampled_from([*PLAIN, "pause", "resume", "retarget", "sweep", "sweep"]),
        st.integers(-120, 3000),
        st.sampled_from(TARGETS),
    ),
    max_size=14,
)
patient = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def happen(clock: Clock, move: str, at: datetime, target: Target, calendar: Calendar) -> None:
    try:
        if move == "sweep":
            mark_checked(*claim_due(at, 10), at=at)
        elif move == "retarget":
            retarget(clock, target=target, source="contract", at=at, calendar=calendar)
        else:
            PLAIN[move](clock, at)
    except ClockError:
        clock.refresh_from_db()


@patient
@given(target=st.sampled_from(TARGETS), moves=moves)
def test_after_every_event_the_row_is_what_its_events_tell(calendar, target, moves):
    with transaction.atomic():
        at = march(2, 8)
        clock = start_clock(
            "resolution", started_at=at, target=target, source="matrix", calendar=calendar, thresholds=(75, 90, 100)
        )
        for move, minutes, other in moves:
            at += timedelta(minutes=minutes)
            happen(clock, move, at, other, calendar)
            assert differences(Clock.objects.get(pk=clock.pk)) == {}
        stands = Clock.objects.get(pk=clock.pk)
        Clock.objects.filter(pk=clock.pk).update(**DERIVED)
        replay(Clock.objects.get(pk=clock.pk)).save(force_update=True)
        again = Clock.objects.get(pk=clock.pk)
        for field in Clock._meta.concrete_fields:
            assert getattr(again, field.attname) == getattr(stands, field.attname), field.attname
        transaction.set_rollback(True)


def test_a_look_that_was_put_off_is_no_difference_but_one_that_never_comes_is(calendar):
    clock = start_clock("resolution", started_at=march(2, 9), target=TARGETS[0], source="matrix", calendar=calendar)
    for moment, different in ((timedelta(days=9), False), (timedelta(days=99), True), (None, True)):
        moved = None if moment is None else clock.due_at + moment
        Clock.objects.filter(pk=clock.pk).update(next_check_at=moved)
        assert (set(differences(Clock.objects.get(pk=clock.pk))) == {"next_check_at"}) is different


def test_a_verdict_stands_whatever_the_arithmetic_would_say_today(calendar):
    clock = stop(
        start_clock("resolution", started_at=march(2, 9), target=TARGETS[0], source="matrix", calendar=calendar),
        march(2, 11),
    )
    event = clock.events.get(kind="stop")
    event.data = {"met": False, "due_at": march(2, 10).isoformat()}
    told = replay(clock)
    assert (told.met, told.due_at) == (True, march(2, 14))
    clock._prefetched_objects_cache = {"events": [clock.events.get(kind="start"), event]}
    told = replay(clock)
    assert (told.met, told.due_at) == (False, march(2, 10))
