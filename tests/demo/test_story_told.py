"""The firm works on: told in one go, killed and gone on with, and after visitors have changed something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from base.clock import set_clock
from demo import playing
from demo.models import DemoStep, StoryPoint, Visit
from demo.people import load_people
from demo.story import timeline
from demo.story.firm import read_data
from demo.story.hours import CHINA
from demo.story.telling import tell
from escalation.actions import withdraw
from incidents.models import Declaration, State
from ledger.actions import seal
from ledger.verification import verify
from notifications.models import Notification
from tests.firm import staff

pytestmark = pytest.mark.django_db
UNTIL = datetime(2027, 3, 4, 10, 40, tzinfo=CHINA)
TOMORROW = UNTIL + timedelta(days=1)
STEPS = 358


class Killed(Exception):
    """The process has ended."""


def _quietly(position: int, total: int) -> None:
    pass


def _killed_at(wanted: int) -> Any:
    def progress(position: int, total: int) -> None:
        if position == wanted:
            raise Killed

    return progress


@pytest.fixture(autouse=True)
def _since_yesterday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "WEEKS", timedelta(hours=20))


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """How often each step was played."""
    found: Counter[tuple[str, str]] = Counter()
    play = playing.Player.play

    def counted(self: playing.Player, call: playing.Call, step: playing.Step) -> None:
        play(self, call, step)
        found[call["ref"], step["at"]] += 1

    monkeypatch.setattr(playing.Player, "play", counted)
    return found


@pytest.fixture
def firm(db: None) -> Iterator[None]:
    """The people, with the thirty left out: they are a module of their own."""
    with transaction.atomic():
        load_people(read_data(), "Demonstration-1")
        DemoStep.objects.bulk_create(DemoStep(position=one, done_at=UNTIL) for one in range(1, STEPS + 1))
        yield


@pytest.mark.walks
def test_the_next_start_goes_on_where_the_last_one_stopped(firm, played):
    first = tell(UNTIL, _quietly)
    assert first.steps > 40
    assert tell(UNTIL, _quietly).steps == 0
    assert tell(TOMORROW, _quietly).steps > 40
    assert StoryPoint.objects.get().reached == TOMORROW
    assert set(played.values()) == {1}
    assert Visit.objects.count() == 2


@pytest.mark.walks
def test_bells_are_read_at_the_end_of_a_day(firm):
    tell(UNTIL, _quietly)
    tell(TOMORROW, _quietly)
    told = Notification.objects.filter(channel=Notification.Channel.IN_APP, user__is_active=True)
    assert told.filter(seen_at=None).exists()
    assert not told.filter(seen_at=None, sent_at__lt=TOMORROW - timedelta(days=1)).exists()


def test_a_killed_telling_is_gone_on_with_and_takes_no_step_twice(firm, played):
    for place in (2, 9, 10):
        with pytest.raises(Killed):
            tell(UNTIL, _killed_at(place))
    tell(UNTIL, _quietly)
    assert set(played.values()) == {1}
    assert Visit.objects.count() == 1
    assert list(verify()) == []
    told = StringIO()
    call_command("replay_clocks", stdout=told, stderr=StringIO())
    assert "are what their events tell" in told.getvalue()


@pytest.mark.walks
def test_what_a_visitor_has_ended_stays_as_it_is(firm, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    tell(UNTIL, _quietly)
    visited = UNTIL + timedelta(hours=3)
    open_one = Declaration.objects.filter(state=State.CLASSIFIED).exclude(escalation_state="requested").first()
    open_one = open_one or Declaration.objects.filter(state=State.SCREENED).first()
    assert open_one is not None
    with set_clock(visited):
        withdraw(open_one.pk, version=None, actor=staff(open_one.desk.employee_number), who="访客", how="当面")
        seal()
    begun = Declaration.objects.count()
    told = tell(TOMORROW, _quietly)
    assert len(told.left) == 1
    assert Declaration.objects.get(pk=open_one.pk).state == State.WITHDRAWN
    assert not Declaration.objects.filter(registered_at__gt=UNTIL, registered_at__lt=visited).exists()
    assert Declaration.objects.count() > begun
    assert list(verify()) == []


@pytest.mark.walks
def test_a_desk_that_was_closed_for_months_tells_its_last_weeks_only(firm):
    tell(UNTIL, _quietly)
    later = UNTIL + timedelta(days=60)
    tell(later, _quietly)
    between = Declaration.objects.filter(registered_at__gt=UNTIL, registered_at__lt=later - timeline.WEEKS)
    assert not between.exists()
    assert not Declaration.objects.filter(registered_at__lt=UNTIL, state=State.IN_PROGRESS).exists()


def test_a_refused_step_on_a_desk_that_nobody_has_used_is_a_fault(firm, monkeypatch):
    def refuses(*args: Any, **how: Any) -> None:
        raise ValueError("refused")

    monkeypatch.setitem(playing.PLAYS, "screen", refuses)
    with pytest.raises(ValueError, match="refused"):
        tell(UNTIL, _quietly)
