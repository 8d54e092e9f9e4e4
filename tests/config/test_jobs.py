"""Every job runs from a worker and by hand, and shows that it did."""

from __future__ import annotations

from io import StringIO

import pytest
from celery import current_app
from django.conf import settings
from django.core.management import call_command, get_commands, load_command_class

from base.models import Heartbeat
from config.jobs import JOBS, Job

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)]


def test_a_worker_knows_it_and_it_leaves_its_heartbeat(job: Job) -> None:
    current_app.loader.import_default_modules()
    current_app.tasks[job.task]()
    assert list(Heartbeat.objects.values_list("job", flat=True)) == [job.name]


def test_the_command_does_the_same(job: Job) -> None:
    call_command(job.command, stdout=StringIO())
    assert list(Heartbeat.objects.values_list("job", flat=True)) == [job.name]


def test_the_operator_is_told_of_it(job: Job) -> None:
    assert f"`manage.py {job.command}`" in (settings.BASE_DIR / "deploy/README.md").read_text()


def test_beat_pokes_it_and_a_poke_does_not_outlive_the_next(job: Job) -> None:
    planned = settings.CELERY_BEAT_SCHEDULE[job.name]
    assert (planned["task"], planned["schedule"]) == (job.task, job.every)
    assert planned["options"] == {"expires": job.every.total_seconds()}
    assert job.late > 2 * job.every


def test_the_command_starts_without_the_checks_of_the_whole_project(job: Job) -> None:
    command = load_command_class(get_commands()[job.command], job.command)
    assert command.requires_system_checks == []
