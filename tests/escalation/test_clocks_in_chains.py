"""What happens to a clock stands in the chain of its declaration."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from escalation import actions as escalation
from ledger.actions import attempt, tell_of
from ledger.queries import content, history
from ledger.verification import compare, whole
from sla import actions as sla
from sla.models import CalendarDay, Clock, ClockEvent
from sla.targets import Target
from tests import scenes

SCENES = ("relayed", "resolved", "waiting", "handover_done", "countersigned", "withdrawn")


@pytest.fixture
def scene(monday: None) -> scenes.Scene:
    return scenes.Scene()


def told(declaration) -> dict[str, set[str]]:
    """The keys of the rows that the chain tells of, by model."""
    found: dict[str, set[str]] = {}
    for entry in history(declaration.stream):
        for row in content(entry)["rows"]:
            found.setdefault(row["model"], set()).add(str(row["pk"]))
    return found


@pytest.mark.parametrize("made", SCENES)
def test_every_clock_and_every_event_of_it_is_told(scene, made):
    declaration = getattr(scene, made)()
    rows = told(declaration)
    assert rows["sla.clock"] == {str(key) for key in Clock.objects.values_list("pk", flat=True)}
    assert rows["sla.clockevent"] == {str(key) for key in ClockEvent.objects.values_list("pk", flat=True)}
    assert compare(declaration) is None


def test_an_event_that_no_entry_tells_of_is_named(scene):
    declaration = scene.in_progress()
    with transaction.atomic():
        sla.stop(declaration.resolution_clock, scenes.MONDAY)
    added = ClockEvent.objects.latest("pk")
    assert compare(declaration).what == f"no entry tells of sla.clockevent {added.pk}"


def test_an_attempt_that_leaves_a_clock_to_no_entry_is_undone(scene):
    signature = scenes.staff("S05").signature()
    with pytest.raises(RuntimeError, match=r"no entry tells of sla\.clock"), attempt(signature, action="x", stream="y"):
        sla.start_clock(
            "relay",
            started_at=scenes.MONDAY,
            target=Target(4, "hour", "natural"),
            source="parameter",
            calendar=None,
        )
    assert not Clock.objects.exists()


def test_what_was_there_before_is_told_of_by_the_migration(scene, monkeypatch):
    """As a desk of the version before: neither clocks nor special days stood in any chain."""
    monkeypatch.setattr("sla.actions.clocks.tell_of", lambda *rows: None)
    declarations = [scene.relayed(), scene.handled("severe", "medium"), scene.handed_over()]
    scene.do(escalation.request_escalation, declarations[1], scene.desk, reason="影响严重")
    monkeypatch.setattr("sla.actions.clocks.tell_of", tell_of)
    day = CalendarDay.objects.latest("pk")
    day.pk, day.date = None, day.date.replace(year=2031)
    day.save(force_insert=True)
    assert f"no entry tells of sla.calendarday {day.pk}" in [fault.what for fault in whole()]

    import_module("sla.migrations.0005_days_in_chains").tell_of_days(apps, None)
    import_module("escalation.migrations.0008_clocks_in_chains").tell_of_clocks(apps, None)
    assert all("sla.clock" in told(declaration) for declaration in declarations)
    assert list(whole()) == []
    scene.do(escalation.decide_escalation, declarations[1], scene.head, approved=True, reason="须查根因")
    assert list(whole()) == []
