from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from base.clock import set_clock
from notifications import wording
from notifications.actions import notify
from ui.icons import ICONS

SENDING = ("notify", "notify_of", "Notice")
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_a_warning_names_record_share_and_due_time() -> None:
    with set_clock(NOON):
        told = wording.sentence(
            "warning.resolution.75", number="SD-1", threshold=75, data={"due_at": "2026-11-22T10:30:00Z"}
        )
    assert told == "SD-1: 75 % of the resolution time is used, due today 18:30"


def test_an_event_without_wording_of_its_own_takes_that_of_its_kind() -> None:
    assert wording.event("warning.resolution.90") is wording.EVENTS["warning.resolution"]
    assert wording.event("warning.resolution.100") is not wording.EVENTS["warning.resolution"]
    assert wording.sentence("made.up", number="SD-1", data={}) == "SD-1: there is news"


@pytest.mark.parametrize("key", sorted(wording.EVENTS))
def test_every_event_has_a_sentence_and_an_icon(key: str) -> None:
    assert "SD-1" in wording.sentence(key, number="SD-1", threshold=75, data={})
    assert wording.EVENTS[key].icon in ICONS


def test_every_event_that_is_sent_is_worded() -> None:
    sent = {key for path in _sources() for key in _events(path)}
    assert sent
    assert {key for key in sent if wording.event(key.rstrip(".")) is wording.UNKNOWN} == set()


def test_every_worded_event_is_sent_by_somebody() -> None:
    texts = "".join(path.read_text() for path in _sources())
    kinds = ("warning", "overdue", "vacancy", "watched")
    composed = {f"{kind}." for kind in kinds if f'f"{kind}.{{' in texts}
    assert len(composed) == 4
    unsent = {key for key in wording.EVENTS if f'"{key}"' not in texts and f"{key.partition('.')[0]}." not in composed}
    assert unsent == set()


@pytest.mark.django_db
def test_an_event_without_words_is_not_sent() -> None:
    with pytest.raises(ValueError, match=r"incident\.forgotten"):
        notify("incident.forgotten", stream="declaration:1", number="SD-1", recipients=[], data={})


def _sources() -> list[Path]:
    rooms = [
        settings.BASE_DIR / room
        for room in (
            "notifications/delivery",
            "notifications/actions",
            "incidents",
            "escalation",
            "knowledge",
            "audit",
            "setup",
        )
    ]
    return [path for room in rooms for path in room.rglob("*.py")]


def _events(path: Path) -> set[str]:
    """The events that `notify` and its like name in full, also as one of two or as the beginning of a key."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    named = [call for call in calls if getattr(call.func, "id", getattr(call.func, "attr", "")) in SENDING]
    given = [argument for call in named for argument in call.args[:2]]
    texts = [node for argument in given for node in ast.walk(argument) if isinstance(node, ast.Constant)]
    return {text.value for text in texts if isinstance(text.value, str) and "." in text.value.strip() != "."}


def test_what_was_told_late_says_when_it_was_reached() -> None:
    with set_clock(NOON):
        told = wording.sentence(
            "warning.resolution.75", number="SD-1", threshold=75, data={"reached_at": "2026-11-22T02:00:00Z"}
        )
    assert told == "SD-1: 75 % of the resolution time is used (told late, reached today 10:00)"


def test_a_day_without_a_time_is_told_as_that_day() -> None:
    with set_clock(NOON):
        told = wording.sentence("finding.raised", number="SD-1", data={"due_at": "2026-12-07"})
    assert told == "SD-1: a finding of the audit is yours, due 12-07"
