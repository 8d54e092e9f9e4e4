"""A message to the workers never holds up the step that sends it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from threading import Event
from time import monotonic
from typing import Any

import pytest
from celery import Celery
from django.db import transaction

from base import pokes
from ledger.actions import seal_soon

# A busy machine is no fault of the code, so only what is shorter than the broker's silence is told apart from it.
WAITS = 3.0
# Longer than a step waits; it is waited for several times in a row.
SHORTER = 1.2


@pytest.fixture
def hanging(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Celery]:
    """A broker that takes connections and says nothing, as a Redis does that hangs."""
    waits = getattr(request, "param", WAITS)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = Celery("hanging", broker=f"redis://127.0.0.1:{silent.getsockname()[1]}/0", set_as_current=False)
        app.conf.broker_transport_options = {"socket_timeout": waits, "socket_connect_timeout": waits}
        monkeypatch.setattr(pokes, "current_app", app)
        monkeypatch.setattr(pokes, "_messenger", pokes._Messenger())
        yield app


def seconds(work: Any) -> float:
    began = monotonic()
    work()
    return monotonic() - began


def test_a_broker_that_hangs_costs_the_first_step_a_second_and_the_next_nothing(hanging: Celery) -> None:
    assert pokes.LONGEST <= seconds(lambda: pokes.poke("a.task", expires=5)) < WAITS
    assert seconds(lambda: pokes.poke("a.task", expires=5)) < pokes.LONGEST


@pytest.mark.parametrize("hanging", [SHORTER], indirect=True)
def test_sent_by_the_step_itself_it_takes_as_long_as_the_broker_hangs(hanging: Celery) -> None:
    assert seconds(lambda: pokes._send("a.task", (), 5)) >= SHORTER > pokes.LONGEST


@pytest.mark.django_db(transaction=True)
def test_a_step_that_wants_its_entries_sealed_is_saved_within_a_second_more(hanging: Celery) -> None:
    def step() -> None:
        with transaction.atomic():
            seal_soon()

    assert seconds(step) < WAITS


def test_a_broker_that_refuses_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Event()

    def refuse(*arguments: object, **options: object) -> None:
        asked.set()
        raise ConnectionError

    monkeypatch.setattr(pokes.current_app, "send_task", refuse)
    pokes.poke("a.task", expires=5)
    assert asked.wait(WAITS)
