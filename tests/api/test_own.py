"""One's own marks over the interface."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import Declaration, Reminder, Watch
from tests.firm import LIU_DESK, SUN_DESK, person

pytestmark = pytest.mark.django_db


def unseen(*asked: object) -> None:
    raise Declaration.DoesNotExist


def at(record: Any, what: str) -> str:
    return f"/api/v1/declarations/{record.number}/{what}/"


def test_a_program_watches_and_ends_it(scene: Any, call_as: Any) -> None:
    record, program = scene.accepted(), call_as(LIU_DESK)
    for _again in range(2):
        assert program.post(at(record, "watch")).status_code == 204
    assert Watch.objects.get().user == person(LIU_DESK)
    assert program.post(at(record, "unwatch")).status_code == 204
    assert not Watch.objects.exists()


def test_a_program_sets_a_reminder_and_takes_it_back(scene: Any, call_as: Any) -> None:
    record, program = scene.accepted(), call_as(LIU_DESK)
    values = {"at": "2026-11-24T09:00:00", "note": "问批次号"}
    assert program.post(at(record, "remind"), values, format="json").status_code == 204
    assert Reminder.objects.get().note == "问批次号"
    assert program.post(at(record, "unremind")).status_code == 204
    assert not Reminder.objects.exists()


def test_what_is_wrong_is_said_at_its_field(scene: Any, call_as: Any) -> None:
    answer = call_as(LIU_DESK).post(at(scene.accepted(), "remind"), {"at": "2020-01-01T09:00:00"}, format="json")
    assert answer.status_code == 422
    assert "note" in answer.json()["errors"]


def test_what_is_not_seen_is_unknown(scene: Any, call_as: Any) -> None:
    record = scene.accepted()
    for what in ("watch", "unwatch", "remind", "unremind"):
        assert call_as(SUN_DESK).post(at(record, what), {}, format="json").status_code == 404


def test_own_marks_are_taken_back_also_where_the_record_is_seen_no_more(
    scene: Any, call_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, program = scene.accepted(), call_as(LIU_DESK)
    values = {"at": "2026-11-24T09:00:00", "note": "问批次号"}
    program.post(at(record, "watch"))
    program.post(at(record, "remind"), values, format="json")
    for room in ("api.own", "incidents.actions.watching"):
        monkeypatch.setattr(f"{room}.declaration_for_reading", unseen)
    for what, status in (("watch", 404), ("unremind", 204), ("unwatch", 204), ("unwatch", 404)):
        assert program.post(at(record, what)).status_code == status, what
    assert not Watch.objects.exists()
    assert not Reminder.objects.exists()
