"""Every duty of every role is on that person's desk, and the navigation counts what stands there."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from audit import actions as audit
from audit.models import Finding
from base.clock import now
from desk import frame
from desk.queries import steps
from desk.queries.work import Counts, counts_of, work_of
from escalation import actions as escalation
from escalation.models import Unanswered
from incidents import actions
from incidents.models import State
from notifications.models import Notification
from procedure.queries import in_force, rules
from sla.models import Calendar, Contract
from tests.desk.copies import copy_declarations
from tests.desk.walk import EVERYBODY, found_against
from tests.firm import ADMINISTRATOR, CHEN_HEAD, FENG_AUDITOR, LIU_DESK, client_of, person, staff
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
WHY = {"cause": "未设提醒", "action": "增设提醒"}


def desk(number: str) -> str:
    return client_of(number).get(reverse("desk")).content.decode()


def lines(number: str) -> int:
    """How many duties my desk shows: its lines, and the warnings above them."""
    page = client_of(number).get(reverse("desk")).context
    return sum(len(group.rows) for group in page["groups"]) + len(page["unanswered"])


def badge(number: str, page: str = "records") -> str:
    """What the navigation of any page counts beside my desk."""
    html = client_of(number).get(reverse(page)).content.decode()
    first = html.split('class="nav-list"', 1)[1].split("</li>", 1)[0]
    count = re.search(r'nav-count">([^<]+)<', first)
    return count.group(1) if count else ""


def test_the_owner_finds_the_finding_with_its_day(scene: Scene) -> None:
    number = found_against(scene.closed(), owner=LIU_DESK).declaration.number
    page = desk(LIU_DESK)
    assert reverse("audit-findings", args=[number]) in page
    assert "say by 12-07 what was done" in page
    assert "14 d 14 h left" in page


def test_a_late_finding_stands_among_what_is_overdue(scene: Scene, clock) -> None:
    found_against(scene.closed(), owner=LIU_DESK)
    clock.advance(days=16)
    groups = client_of(LIU_DESK).get(reverse("desk")).context["groups"]
    assert ("late", "Correct") in [(group.key, row.button) for group in groups for row in group.rows]


def test_the_auditor_finds_what_is_to_be_verified(scene: Scene) -> None:
    review = found_against(scene.closed(), owner=LIU_DESK)
    audit.correct_finding(Finding.objects.get().pk, version=None, actor=staff(LIU_DESK), correction="已补提醒", **WHY)
    page = desk(FENG_AUDITOR)
    assert reverse("audit-findings", args=[review.declaration.number]) in page
    assert "verify whether it holds" in page


def test_a_record_that_must_be_reviewed_is_on_the_auditors_desk_until_it_is(scene: Scene, clock) -> None:
    late = scene.handled("minor", "low")
    clock.advance(hours=6)
    late = scene.do(actions.resolve, late, LIU_DESK, **scene.solution())
    late = scene.do(actions.state_breach_reason, late, LIU_DESK, reason="等待备件")
    confirming = {"contact": late.contact, "way": "phone", "satisfaction": 5}
    late = scene.do(actions.close, scene.do(actions.confirm, late, LIU_DESK, **confirming), LIU_DESK)
    assert reverse("audit-record", args=[late.number]) in desk(FENG_AUDITOR)
    assert badge(FENG_AUDITOR) == "1"
    found_against(late, owner=LIU_DESK)
    assert reverse("audit-record", args=[late.number]) not in desk(FENG_AUDITOR)


def test_an_administrator_finds_dead_letters_years_without_holidays_and_ending_contracts(scene: Scene, clock) -> None:
    Notification.objects.create(
        event="warning.breached",
        stream="declaration:1",
        number="SD-1",
        recipient=person(LIU_DESK).stream,
        user=person(LIU_DESK),
        channel=Notification.Channel.EMAIL,
        created_at=now(),
        status=Notification.Status.DEAD,
        reason="refused",
    )
    calendar = Calendar.objects.get()
    ending = Contract.objects.filter(customer__in_service_scope=True).order_by("ends_on").last()
    clock.set(now().replace(year=ending.ends_on.year, month=ending.ends_on.month, day=1))
    page = desk(ADMINISTRATOR)
    assert "SD-1" in page
    assert reverse("calendar-load", args=[calendar.pk, now().year]) in page
    assert reverse("contract", args=[ending.pk]) in page


def test_a_warning_that_nobody_noted_counts_for_whom_it_reached(scene: Scene, clock) -> None:
    overdue = scene.handled("severe", "high")
    clock.advance(hours=24)
    escalation.sweep()
    assert Unanswered.objects.filter(declaration=overdue).exists()
    assert "warning" in work_of(staff(CHEN_HEAD)).duties
    assert badge(CHEN_HEAD) == str(lines(CHEN_HEAD))


def test_the_navigation_counts_what_the_desk_shows(scene: Scene, clock) -> None:
    for state in (State.RELAYED, State.SCREENED, State.IN_PROGRESS, State.HANDED_OVER, State.CLOSED, "request_review"):
        scene.at(state)
    scene.decided()
    scene.requested()
    found_against(scene.closed(), owner=LIU_DESK)
    clock.advance(days=3)
    shown = {number: str(lines(number) or "") for number in EVERYBODY}
    assert {number: badge(number) for number in EVERYBODY} == shown
    assert {number: badge(number, "desk") for number in EVERYBODY} == shown


def test_many_of_the_others_do_not_hide_a_decision(scene: Scene, monkeypatch) -> None:
    monkeypatch.setattr(steps, "MOST_COUNTED", 2)
    scene.requested()
    for _each in range(4):
        handled = scene.handled("severe", "high")
        scene.do(actions.take_over, handled, CHEN_HEAD, answer="我来处理")
    assert counts_of(staff(CHEN_HEAD), None).of(["decide_escalation"]) == 1


def test_more_than_a_hundred_are_counted_as_99_and_more(scene: Scene) -> None:
    scene.screened()
    copy_declarations(times=101)
    assert badge(LIU_DESK) == "99+"


def test_counting_costs_two_statements_however_much_there_is(scene: Scene, count_queries) -> None:
    scene.screened()
    actor, book = staff(LIU_DESK), rules(in_force(now().date()).pk)

    def count() -> int:
        return count_queries(lambda: counts_of(actor, book))

    count()
    few = count()
    copy_declarations(times=60)
    assert count() == few == 2


def test_a_navigation_that_counted_otherwise_would_be_seen(scene: Scene, monkeypatch) -> None:
    found_against(scene.closed(), owner=LIU_DESK)
    monkeypatch.setattr(frame, "counts_of", lambda actor, book: Counts())
    assert (badge(LIU_DESK), lines(LIU_DESK)) != ("1", 1)
