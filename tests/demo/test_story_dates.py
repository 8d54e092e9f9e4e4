"""The demonstration at five dates: what a visitor finds, and that all of it can be proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from audit.queries import obligatory_reasons
from demo.people import load_people
from demo.story import timeline
from demo.story.firm import read_data
from demo.story.hours import CHINA
from demo.story.telling import tell
from escalation.models import EscalationRequest, Problem, Warning
from incidents.models import Declaration, State
from incidents.models.choices import OPEN_STATES
from ledger.verification import verify

DATES = {
    "in a holiday week": datetime(2026, 10, 5, 15, 10, tzinfo=CHINA),
    "on a make-up Saturday": datetime(2026, 10, 10, 16, 20, tzinfo=CHINA),
    "at the turn of the year": datetime(2026, 12, 31, 23, 59, tzinfo=CHINA),
    "half a year later": datetime(2027, 5, 28, 9, 50, tzinfo=CHINA),
    "on 29 February": datetime(2028, 2, 29, 14, 30, tzinfo=CHINA),
}


# One of them with every run of the services, all of them with `make test-story`.
ALWAYS = "on 29 February"
PARAMETERS = [
    pytest.param(at, id=name, marks=pytest.mark.services if name == ALWAYS else pytest.mark.story)
    for name, at in DATES.items()
]


@pytest.fixture(scope="module", params=PARAMETERS)
def visited(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[datetime]:
    """The firm as it stands at that instant, with its last four weeks: what is open is no older."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline, "WEEKS", timedelta(weeks=4))
        load_people(read_data(), "Demonstration-1")
        assert not tell(request.param, lambda position, total: None).left
        yield request.param
        transaction.set_rollback(True)


def test_some_twenty_are_open_and_at_least_one_at_each_step(visited: datetime, db: None) -> None:
    found = Counter(Declaration.objects.values_list("state", flat=True))
    assert 15 <= sum(found[state] for state in OPEN_STATES) <= 25
    assert set(found) >= set(OPEN_STATES)


def test_one_is_late_or_few_and_most_have_time_left(visited: datetime, db: None) -> None:
    unsolved = Declaration.objects.filter(state__in=OPEN_STATES, resolution_clock__stopped_at=None)
    late = unsolved.filter(due_at__lte=visited).exclude(resolution_clock__paused_at__isnull=False)
    assert 1 <= late.count() <= 3
    assert unsolved.filter(due_at__gt=visited).exists()


def test_decisions_reviews_and_files_wait_and_a_problem_is_there(visited: datetime, db: None) -> None:
    closed = Declaration.objects.filter(state__in=[State.CLOSED, State.FILED], reviews=None)
    assert EscalationRequest.objects.filter(state="requested").exists()
    assert Problem.objects.filter(withdrawn_at=None).exists()
    assert Warning.objects.filter(kind="trend").exists()
    assert Declaration.objects.filter(repeat_ordinal__gte=2).exists()
    assert any(obligatory_reasons(one) for one in closed)


def test_all_of_it_is_proven(visited: datetime, db: None) -> None:
    told = StringIO()
    call_command("replay_clocks", stdout=told, stderr=StringIO())
    assert "are what their events tell" in told.getvalue()
    assert list(verify()) == []
