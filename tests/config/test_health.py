"""The health page is green only when the desk can do its work."""

from __future__ import annotations

import errno
import shutil
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.signals import got_request_exception
from django.db import DatabaseError, OperationalError
from django.db.models import F

from accounts.models import Department, User
from base import heartbeat, writes
from base.clock import set_clock
from base.heartbeat import beat, database_time, note_failure
from base.models import Heartbeat
from config import health
from config.jobs import JOBS, Job
from ledger import triggers
from notifications.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def looked_at_anew(monkeypatch):
    """Nothing that an earlier test saw is remembered."""

    def forget() -> None:
        for remembered in (health._guarded, writes._tried, writes._has_room):
            remembered.cache_clear()

    monkeypatch.setattr(writes, "_failed_at", -1000.0)
    forget()
    yield forget
    forget()


def all_jobs() -> None:
    for job in JOBS:
        beat(job.name)


def age(job: str, by: timedelta, column: str = "at") -> None:
    """Let what was just noted have been so long ago."""
    Heartbeat.objects.filter(job=job).update(**{column: F(column) - by})


def told(client) -> tuple[int, dict]:
    answer = client.get("/healthz")
    return answer.status_code, answer.json()


def unwell(client) -> list[str]:
    return [name for name, told in client.get("/healthz").json()["jobs"].items() if not told["well"]]


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
    status, report = told(client)
    assert status == 200
    jobs = report.pop("jobs")
    assert report == {
        "healthy": True,
        "database": True,
        "writes": True,
        "room": True,
        "guards": True,
        "oldest_overdue": None,
    }
    assert list(jobs) == [job.name for job in JOBS]
    assert all(job["well"] and job["last"] and job["failed"] is None for job in jobs.values())


@pytest.mark.parametrize("job", [job for job in JOBS if job.every < health.YOUNG], ids=lambda job: job.name)
def test_a_desk_on_which_a_job_never_ran_is_not_healthy(client, job: Job):
    all_jobs()
    Heartbeat.objects.filter(job=job.name).delete()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["jobs"][job.name] == {"last": None, "failed": None, "well": False}


def test_what_runs_by_the_hour_may_still_be_to_come(client):
    all_jobs()
    Heartbeat.objects.filter(job="articles").delete()
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_a_desk_turns_red_by_itself_when_a_job_stops(client, job: Job):
    all_jobs()
    age(job.name, job.late - timedelta(seconds=30))
    assert unwell(client) == []
    age(job.name, timedelta(seconds=30))
    assert client.get("/healthz").status_code == 503
    assert unwell(client) == [job.name]


def test_a_heartbeat_is_told_by_the_clock_of_the_database_and_not_of_the_worker(client):
    with set_clock(database_time() + timedelta(hours=1)):
        all_jobs()
    age("sweep", timedelta(minutes=2))
    assert unwell(client) == ["sweep"]


def test_a_worker_whose_own_clock_counted_would_hide_for_an_hour_that_it_stopped(client, monkeypatch):
    monkeypatch.setattr(heartbeat, "Now", lambda: database_time() + timedelta(hours=1))
    monkeypatch.setattr(health, "AHEAD", timedelta(days=1))
    all_jobs()
    age("sweep", timedelta(minutes=2))
    assert unwell(client) == []


def test_a_heartbeat_from_the_future_is_no_sign_of_life(client):
    all_jobs()
    age("deliver", timedelta(hours=-1))
    assert unwell(client) == ["deliver"]


@pytest.mark.parametrize("job", ["sweep", "deliver"])
def test_a_desk_with_rows_that_fail_is_red_until_they_had_another_try(client, job: str):
    all_jobs()
    note_failure(job)
    beat(job)
    assert client.get("/healthz").status_code == 503
    assert unwell(client) == [job]
    age(job, health.FAILURE_STANDS, "failed_at")
    assert client.get("/healthz").status_code == 200


def test_a_database_that_takes_no_writes_turns_the_desk_red_within_half_a_minute(client, monkeypatch, looked_at_anew):
    def full(job):
        raise OperationalError("database or disk is full")

    all_jobs()
    assert told(client)[1]["writes"] is True
    monkeypatch.setattr(writes, "beat", full)
    assert writes.EVERY <= 30
    later = writes.time.monotonic() + 30
    monkeypatch.setattr(writes, "time", SimpleNamespace(monotonic=lambda: later))
    status, report = told(client)
    assert (status, report["healthy"], report["writes"]) == (503, False, False)


@pytest.mark.parametrize(
    ("error", "well"),
    [
        (OperationalError("could not extend file: No space left on device"), False),
        (OSError(errno.ENOSPC, "No space left on device"), False),
        (OSError(errno.ENOENT, "No such file"), True),
        (ValueError("nothing to do with it"), True),
    ],
    ids=repr,
)
def test_a_request_that_could_not_write_turns_the_desk_red_at_once(client, error: Exception, well: bool):
    all_jobs()
    try:
        raise error
    except Exception:
        got_request_exception.send(sender=None, request=None)
    assert told(client)[1]["writes"] is well


def test_a_disk_that_is_nearly_full_turns_the_desk_red_before_writes_fail(client, monkeypatch):
    all_jobs()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=writes.LEAST_FREE - 1))
    status, report = told(client)
    assert (status, report["writes"], report["room"]) == (503, True, False)


def test_a_desk_that_leaves_things_waiting_is_not_healthy(client):
    all_jobs()
    # The report tells milliseconds.
    at = database_time().replace(microsecond=0)
    waiting(at - timedelta(seconds=30))
    assert client.get("/healthz").status_code == 200
    waiting(at - timedelta(minutes=10))
    status, report = told(client)
    assert status == 503
    assert datetime.fromisoformat(report["oldest_overdue"]) == at - timedelta(minutes=10)


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
