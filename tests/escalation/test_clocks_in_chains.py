"""What happens to a clock stands in the chain of its declaration."""

from __future__ import annotations

import pytest
from django.db import transaction

from ledger.actions import attempt
from ledger.queries import content, history
from ledger.verification import compare
from sla import actions as sla
from sla.models import Clock, ClockEvent
from sla.targets import Target
from tests import scenes
from tests.firm import LIU_DESK, staff

SCENES = ("relayed", "resolved", "waiting", "handover_done", "countersigned", "withdrawn")


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
    signature = staff(LIU_DESK).signature()
    with pytest.raises(RuntimeError, match=r"no entry tells of sla\.clock"), attempt(signature, action="x", stream="y"):
        sla.start_clock(
            "relay",
            started_at=scenes.MONDAY,
            target=Target(4, "hour", "natural"),
            source="parameter",
            calendar=None,
        )
    assert not Clock.objects.exists()
