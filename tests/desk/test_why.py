"""Why a due time is what it is: on every page that shows one, in the same words."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.timezone import override

from accounts.actors import SYSTEM
from incidents.models import Declaration
from sla.actions import create_calendar, start_clock
from sla.models import Clock
from sla.queries import counted_lines, reasons
from sla.targets import Target
from tests.firm import (
    ADMINISTRATOR,
    CHEN_HEAD,
    FENG_AUDITOR,
    LIN_HEAD,
    LIU_DESK,
    XU_SALES,
    ZHAO_DESK,
    client_of,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 11, 20, 16, tzinfo=SHANGHAI)


def clock(target: Target) -> Clock:
    week = {day: [(540, 720), (780, 1080)] for day in range(5)}
    calendar = create_calendar("Eight", actor=SYSTEM, weekly=week)
    return start_clock("resolution", started_at=FRIDAY, target=target, source="contract", calendar=calendar)


def test_each_stretch_that_counts_is_a_line():
    assert counted_lines(clock(Target(6, "hour", "working"))) == [
        "Fri 11-20 16:00–18:00 counts 2 h",
        "Mon 11-23 09:00–12:00 counts 3 h",
        "Mon 11-23 13:00–14:00 counts 1 h",
    ]


def test_natural_time_is_one_line_over_the_days():
    assert counted_lines(clock(Target(24, "hour", "natural"))) == ["Fri 11-20 16:00–Sat 11-21 16:00 counts 1 d"]


def test_working_hours_stay_on_the_clock_of_their_calendar_and_a_reader_elsewhere_is_told_so():
    found = clock(Target(6, "hour", "working"))
    here = counted_lines(found)
    assert "clock of" not in " ".join(reasons(found))
    with override("America/New_York"):
        assert counted_lines(found) == here
        said = reasons(found)
    assert said[0].startswith("Counted from 11-20 03:00")
    assert said[2].endswith("That is on the clock of Asia/Shanghai.")


@pytest.mark.parametrize("hours", [7, 38, 39, 400, 8000])
def test_ten_lines_at_most_that_add_up(hours):
    lines = counted_lines(clock(Target(hours, "hour", "working")))
    assert len(lines) <= 10
    total = sum((_span(line) for line in lines), timedelta())
    assert total == timedelta(hours=hours)


def _span(line: str) -> timedelta:
    said = re.split(r"counts|more,", line)[1]
    amounts = {unit: int(number) for number, unit in re.findall(r"(\d+) (d|h|min)", said)}
    return timedelta(days=amounts.get("d", 0), hours=amounts.get("h", 0), minutes=amounts.get("min", 0))


@pytest.fixture
def shown(monday) -> Declaration:
    return Scene().in_progress()


def test_the_page_says_it_without_script_and_the_part_for_one_clock(shown):
    client = client_of(LIU_DESK)
    address = reverse("record-why", args=[shown.number])
    page = client.get(address).content.decode()
    assert "Resolution: why" in page
    assert "Response: why" in page
    assert "What was counted" in page
    part = client.get(address, {"clock": "resolution"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Response: why" not in part
    assert client.get(address, {"clock": "\x00"}).status_code == 200


def test_list_desk_decisions_and_hand_overs_lead_to_it(monday):
    scene = Scene()
    declaration, requested, handed = scene.in_progress(), scene.requested(), scene.handed_over()
    for number, address, shows in (
        (LIU_DESK, reverse("records"), declaration),
        (LIU_DESK, reverse("desk"), declaration),
        (CHEN_HEAD, reverse("decision", args=[requested.number]), requested),
        (XU_SALES, reverse("handovers"), handed),
    ):
        page = client_of(number).get(address).content.decode()
        assert reverse("record-why", args=[shows.number]) in page, address
    for number, declaration, name in ((CHEN_HEAD, requested, "Decision"), (XU_SALES, handed, "Receipt")):
        page = client_of(number).get(reverse("record-why", args=[declaration.number])).content.decode()
        assert f"{name}: why" in page


def test_the_aside_of_the_record_lists_what_was_counted(shown):
    assert "What was counted" in client_of(LIU_DESK).get(reverse("record", args=[shown.number])).content.decode()


def test_it_is_shown_to_whoever_sees_the_record_and_to_nobody_else(shown):
    address = reverse("record-why", args=[shown.number])
    assert [
        client_of(number).get(address).status_code
        for number in (LIU_DESK, CHEN_HEAD, ZHAO_DESK, LIN_HEAD, FENG_AUDITOR, ADMINISTRATOR)
    ] == [*(200, 200, 404, 404, 404, 404)]


def test_the_reasons_cost_the_same_for_every_record(shown, count_queries):
    client = client_of(LIU_DESK)
    address = reverse("record-why", args=[shown.number])
    client.get(address)
    assert count_queries(lambda: client.get(address)) <= 12
