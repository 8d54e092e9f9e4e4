"""The health page is green only when the desk can do its work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from accounts.models import Department, User
from config import health
from config.heartbeat import beat
from config.jobs import JOBS, Job
from config.models import Heartbeat
from ledger import triggers
from notifications.models import Notification

AT = datetime(2025, 11, 25, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine(clock):
    health._guarded.cache_clear()
    yield clock.set(AT)
    health._guarded.cache_clear()


def all_jobs() -> None:
    for job in JOBS:
        beat(job.name)


def waiting(since: datetime) -> None:
    """A notification that should have been shown at `since`, to somebody of its own."""
    department = Department.objects.create(code=f"{since:%H%M%S}", name=f"{since:%H%M%S}")
    person = User.objects.create(
        username=department.code, employee_number=department.code, name="Ana", department=department
    )
    Notification.objects.create(
        event="warning",
        stream="declaration:1",
        number="1",
        recipient=person.stream,
        user=person,
        channel=Notification.Channel.IN_APP,
        status=Notification.Status.QUEUED,
        created_at=since,
        next_attempt_at=since,
    )


def test_a_swept_and_guarded_desk_is_healthy(client):
    all_jobs()
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "healthy": True,
        "database": True,
        "guards": True,
        "jobs": {job.name: {"last": "2025-11-25T01:00:00Z", "well": True} for job in JOBS},
        "oldest_overdue": None,
    }


@pytest.mark.parametrize("job", [job for job in JOBS if job.every < health.YOUNG], ids=lambda job: job.name)
def test_a_desk_on_which_a_job_never_ran_is_not_healthy(client, job: Job):
    all_jobs()
    Heartbeat.objects.filter(job=job.name).delete()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["jobs"][job.name] == {"last": None, "well": False}


def test_what_runs_by_the_hour_may_still_be_to_come(client):
    all_jobs()
    Heartbeat.objects.filter(job="articles").delete()
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_a_desk_turns_red_by_itself_when_a_job_stops(client, clock, job: Job):
    all_jobs()
    clock.set(AT + job.late - timedelta(seconds=1))
    for other in JOBS:
        if other != job:
            beat(other.name)
    assert client.get("/healthz").status_code == 200
    clock.advance(seconds=1)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert [name for name, told in answer.json()["jobs"].items() if not told["well"]] == [job.name]


def test_a_desk_that_leaves_things_waiting_is_not_healthy(client):
    all_jobs()
    waiting(AT - timedelta(seconds=30))
    assert client.get("/healthz").status_code == 200
    waiting(AT - timedelta(minutes=10))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["oldest_overdue"] == "2025-11-25T00:50:00Z"


def test_a_ledger_without_guards_is_not_healthy(client):
    all_jobs()
    with triggers.lifted():
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["guards"] is False


def test_a_database_that_is_away_is_told_and_no_more(client, monkeypatch):
    def away(at):
        raise DatabaseError("could not connect to postgres://desk:secret@db")

    monkeypatch.setattr(health, "_report", away)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"healthy": False, "database": False}


def test_nothing_can_be_sent_to_the_health_page(client):
    assert client.post("/healthz").status_code == 405


def test_a_heartbeat_is_one_statement_and_keeps_one_row_a_job(count_queries):
    assert count_queries(lambda: beat("sweep")) == 1
    assert count_queries(lambda: beat("sweep")) == 1
