"""`manage.py replay_clocks`: naming and repairing what is not as its events tell."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from escalation import actions as escalation
from escalation.queries import owners_of
from ledger.models import Entry
from ledger.verification import verify
from sla.models import Clock
from tests import scenes
from tests.firm import CHEN_HEAD, HE_RISK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def replayed(*options: str) -> str:
    told = StringIO()
    call_command("replay_clocks", *options, stdout=told, stderr=StringIO())
    return told.getvalue()


def test_nothing_differs_after_ordinary_work() -> None:
    for state in ("waiting_customer", "closed", "handover_received", "relayed", "invalid"):
        scenes.Scene().at(state)
    scenes.Scene().countersigned()
    assert "are what their events tell" in replayed()


def test_a_dry_run_names_each_difference_and_changes_nothing() -> None:
    declaration = scenes.Scene().in_progress()
    clock = declaration.resolution_clock
    Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at.replace(year=2030), cycle=3)
    told = StringIO()
    with pytest.raises(CommandError, match="1 clocks are not"):
        call_command("replay_clocks", stdout=told, stderr=StringIO())
    assert f"resolution clock {clock.pk} of {declaration.number}" in told.getvalue()
    assert "cycle: 3 should be 1" in told.getvalue()
    assert Clock.objects.get(pk=clock.pk).cycle == 3


def test_a_repair_writes_the_clock_the_record_and_the_ledger() -> None:
    declaration = scenes.Scene().in_progress()
    clock, due = declaration.resolution_clock, declaration.due_at
    Clock.objects.filter(pk=clock.pk).update(due_at=due.replace(year=2030), next_check_at=None, pause_spans=[["x"]])
    type(declaration).objects.filter(pk=declaration.pk).update(due_at=due.replace(year=2030))
    assert "repaired" in replayed("--repair")
    declaration.refresh_from_db()
    assert (declaration.due_at, Clock.objects.get(pk=clock.pk).due_at) == (due, due)
    entry = Entry.objects.filter(stream=declaration.stream).latest("sequence")
    assert (entry.action, entry.clause, entry.actor) == ("repair_clock", "5.4.6", "system")
    assert list(verify([declaration.stream])) == []
    assert "are what their events tell" in replayed()


def test_the_clock_of_a_filed_record_is_put_right_without_touching_the_record() -> None:
    declaration = scenes.Scene().filed()
    clock = declaration.resolution_clock
    Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at.replace(year=2030))
    assert "repaired" in replayed("--repair")
    assert Clock.objects.get(pk=clock.pk).due_at == clock.due_at


def test_a_clock_without_events_or_owner_is_named_and_left_alone() -> None:
    declaration = scenes.Scene().in_progress()
    stray = Clock.objects.get(pk=declaration.response_clock_id)
    stray.pk = None
    stray.save(force_insert=True)
    told = StringIO()
    with pytest.raises(CommandError, match="1 clocks"):
        call_command("replay_clocks", "--repair", stdout=told, stderr=StringIO())
    assert f"response clock {stray.pk} of nobody: response {stray.pk} has no events" in told.getvalue()


def test_every_clock_of_a_request_that_was_decided_again_has_its_owner() -> None:
    scene = scenes.Scene()
    declaration = scene.requested()
    for agrees in (False, True):
        scene.do(escalation.decide_escalation, declaration, CHEN_HEAD, approved=True, reason="须查根因")
        scene.do(escalation.countersign, declaration, HE_RISK, agrees=agrees, opinion="依据")
    clocks = Clock.objects.filter(kind__in=["decision", "countersign"])
    assert owners_of(clocks) == dict.fromkeys([clock.pk for clock in clocks], declaration.pk)
    assert len(clocks) == 4
    Clock.objects.filter(pk=clocks[0].pk).update(cycle=3)
    assert f"{clocks[0].kind} clock {clocks[0].pk} of {declaration.number}" in replayed("--repair")
