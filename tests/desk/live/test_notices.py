"""What a device says aloud: relays, level 1 and decisions, without what stands on a restricted record."""

from __future__ import annotations

from typing import Any

import pytest

from desk.live.notices import RECENT, notices
from incidents.models import Declaration
from notifications import actions
from notifications.models import Notification
from notifications.outbox import notify
from tests.desk.live.asking import OpenPage
from tests.firm import CHEN_HEAD, LIU_DESK, ZHAO_DESK, person, staff
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scene")]
RINGS = {"Live-Notices": "1"}


def told(number: str, record: Declaration, event: str) -> list[dict[str, Any]]:
    Notification.objects.all().delete()
    notify(event, stream=record.stream, number=record.number, recipients=[person(number)], data={})
    return notices(staff(number))


def test_a_relayed_call_rings_on_a_device_that_asks_for_it() -> None:
    desk, silent = OpenPage(LIU_DESK), OpenPage(LIU_DESK)
    record = Scene().relayed()
    [notice] = desk.hears(**RINGS)["notices"]
    assert notice["title"] == f"{record.number}: a relayed call waits for you"
    assert (notice["text"], notice["url"]) == (record.subject, f"/records/{record.number}/")
    assert "notices" not in silent.hears()


@pytest.mark.parametrize(
    ("event", "rings"),
    [
        ("overdue.relay", True),
        ("escalation.requested", True),
        ("escalation.countersign", True),
        ("overdue.decision.100", True),
        ("request.waiting", True),
        ("report.waiting", True),
        ("escalation.decided", False),
        ("escalation.countersigned", False),
        ("declaration.accepted", False),
        ("warning.resolution", False),
    ],
)
def test_only_three_kinds_ring(event: str, rings: bool) -> None:
    assert bool(told(LIU_DESK, Scene().in_progress(), event)) is rings


def test_whatever_happens_on_level_one_rings() -> None:
    record = Scene().in_progress("severe", "high")
    assert record.priority == 1
    assert told(LIU_DESK, record, "warning.resolution")


def test_a_restricted_record_tells_no_subject() -> None:
    record = Scene().relayed()
    Declaration.objects.filter(pk=record.pk).update(restricted=True)
    [notice] = told(CHEN_HEAD, record, "relay.waiting")
    assert notice["text"] == ""
    assert record.subject not in str(notice)


def test_what_the_reader_may_not_see_any_more_does_not_ring() -> None:
    assert told(ZHAO_DESK, Scene().relayed(), "relay.waiting") == []


def test_what_was_read_or_is_old_does_not_ring(clock: Any) -> None:
    assert told(LIU_DESK, Scene().relayed(), "relay.waiting")
    clock.advance(seconds=RECENT.total_seconds())
    assert notices(staff(LIU_DESK)) == []
    assert told(LIU_DESK, Scene().relayed(), "relay.waiting")
    actions.mark_seen(staff(LIU_DESK), list(Notification.objects.values_list("pk", flat=True)))
    assert notices(staff(LIU_DESK)) == []
