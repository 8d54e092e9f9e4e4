"""What was told about a record stands in its chain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.actors import SYSTEM
from base.clock import set_clock
from escalation.actions import sweep
from ledger.actions import Change, attempt, record_all, step, tell_of
from ledger.queries import content, history
from ledger.verification import compare
from notifications.actions import notify
from notifications.models import Notification
from tests import scenes
from tests.firm import LIU_DESK, person
from tests.notifications.test_proof import unproved


def test_the_entry_of_a_step_tells_of_its_messages(monday: None) -> None:
    declaration = scenes.Scene().handed_over()
    keys = set(Notification.objects.filter(event="handover.sent").values_list("pk", flat=True))
    told = [row for entry in history(declaration.stream) for row in content(entry)["rows"]]
    assert keys <= {row["pk"] for row in told if row["model"] == "notifications.notification"}
    assert compare(declaration) is None
    Notification.objects.filter(pk=min(keys)).update(recipient="user:999")
    assert compare(declaration).what == (
        f"notifications.notification {min(keys)}: recipient is not what the chain says"
    )


def test_what_the_sweep_writes_stands_in_the_chain_of_its_record(monday: None) -> None:
    declaration = scenes.Scene().handled("severe", "medium")
    with set_clock(scenes.MONDAY + timedelta(days=3)):
        assert sweep() > 0
    keys = set(Notification.objects.values_list("pk", flat=True))
    told = [row for entry in history(declaration.stream) for row in content(entry)["rows"]]
    assert {row["pk"] for row in told if row["model"] == "notifications.notification"} == keys
    assert Notification.objects.exclude(text="").update(text="") > 0
    assert compare(declaration).what.endswith("text is not what the chain says")


def test_a_batch_of_changes_takes_only_what_is_about_them(monday: None) -> None:
    change = Change(scenes.Scene().in_progress(), "x", "")
    elsewhere = {"stream": "elsewhere:1", "number": "1", "recipients": [person(LIU_DESK)], "data": {}}
    with pytest.raises(RuntimeError, match="elsewhere:1"), transaction.atomic():
        record_all([change], signature=SYSTEM.signature(), meanwhile=lambda: notify("relay.waiting", **elsewhere))


def test_within_an_attempt_other_rows_wait_for_their_step(monday: None) -> None:
    scene = scenes.Scene()
    declaration = scene.in_progress()
    signature = SYSTEM.signature()
    with attempt(signature, action="x", stream="y"):
        event = declaration.resolution_clock.events.get()
        event.pk, event.sequence = None, 50
        event.save(force_insert=True)
        tell_of(event)
        notify("relay.waiting", stream="y", number="1", recipients=[person(LIU_DESK)], data={}, cycle=77)
        with step(type(declaration), declaration.pk, version=None, signature=signature, action="z", clause=""):
            pass
    rows = content(history(declaration.stream).last())["rows"]
    assert [row["model"] for row in rows] == ["sla.clockevent"]
    assert unproved() == []
