"""One's own marks: watching a record, and putting it off until a moment of one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import RoleGrant
from base.clock import now
from escalation import actions as escalation
from escalation.actions import sweep
from incidents import actions
from incidents.models import Declaration, Reminder, Watch
from ledger.exceptions import Invalid, NotPossible
from ledger.models import Entry
from notifications.delivery import deliver_due
from notifications.models import Notification
from tests.desk.live.asking import OpenPage
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, SUN_DESK, WANG_DESK, client_of, person, staff
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def told(who: str) -> list[str]:
    found = Notification.objects.filter(user=person(who), event__startswith="watched", channel="in_app")
    return [each.event.removeprefix("watched.") for each in found.order_by("pk")]


def watched(record: Declaration, who: str = CHEN_HEAD) -> Declaration:
    actions.watch(record.pk, actor=staff(who))
    return record


# Watching


def test_who_watches_hears_of_states_decisions_and_closing(scene: Scene) -> None:
    record = watched(scene.handled("severe", "medium"), WANG_DESK)
    scene.do(escalation.request_escalation, record, LIU_DESK, reason="影响严重")
    scene.do(escalation.decide_escalation, record, CHEN_HEAD, approved=True, reason="须查根因")
    scene.do(escalation.countersign, record, HE_RISK, agrees=True, opinion="同意")
    scene.do(actions.resolve, record, LIU_DESK, **scene.solution())
    assert told(WANG_DESK) == ["escalation", "decision", "decision", "resolved"]
    assert told(SUN_DESK) == []


def test_who_acts_is_not_told_of_it(scene: Scene) -> None:
    record = watched(scene.looked_up(), LIU_DESK)
    scene.do(actions.start, record, LIU_DESK)
    assert told(LIU_DESK) == []


def test_a_warning_of_the_sweep_reaches_who_watches(scene: Scene, clock: Any) -> None:
    record = watched(scene.in_progress(), WANG_DESK)
    clock.set(record.due_at - timedelta(minutes=1))
    sweep()
    assert "warning" in told(WANG_DESK)
    count = len(told(WANG_DESK))
    sweep()
    assert len(told(WANG_DESK)) == count


def test_with_the_right_to_read_the_news_end_at_once(scene: Scene) -> None:
    record = watched(scene.looked_up(), WANG_DESK)
    RoleGrant.objects.filter(user=person(WANG_DESK)).update(ends_on=now().date() - timedelta(days=1))
    scene.do(actions.start, record, LIU_DESK)
    assert told(WANG_DESK) == []
    assert record.number not in client_of(WANG_DESK).get("/records/?view=watched").content.decode()


def test_nobody_watches_what_is_restricted_from_them(scene: Scene) -> None:
    record = watched(scene.accepted(), WANG_DESK)
    values = {"type": "infosec", "receiver": person(HE_RISK), "content": "泄露", "answers": actions.ScopeAnswers()}
    scene.do(actions.hand_over, record, LIU_DESK, **values)
    assert told(WANG_DESK) == []
    with pytest.raises(Declaration.DoesNotExist):
        actions.watch(record.pk, actor=staff(WANG_DESK))


def test_it_is_begun_and_ended_by_a_click_and_twice_is_once(scene: Scene) -> None:
    record, client = scene.accepted(), client_of(LIU_DESK)
    for _again in range(2):
        client.post(reverse("record-watch", args=[record.number]))
    assert Watch.objects.filter(user=person(LIU_DESK)).count() == 1
    assert record.number in client.get("/records/?view=watched").content.decode()
    client.post(reverse("record-watch", args=[record.number]), {"end": "yes"})
    assert not Watch.objects.exists()


def test_a_record_of_another_department_is_unknown(scene: Scene) -> None:
    record, client = scene.accepted(), client_of(SUN_DESK)
    for name in ("record-watch", "record-unremind", "record-remind"):
        assert client.post(reverse(name, args=[record.number])).status_code == 404


def test_as_many_statements_however_many_watch(
    scene: Scene, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    record, other = scene.looked_up(), scene.looked_up()
    watched(record, WANG_DESK)
    few = count_queries(lambda: scene.do(actions.start, record, LIU_DESK))
    for who in (WANG_DESK, CHEN_HEAD):
        watched(other, who)
    assert count_queries(lambda: scene.do(actions.start, other, LIU_DESK)) == few


# Coming back later


def put_off(record: Declaration, **span: float) -> Reminder:
    return actions.remind(record.pk, actor=staff(LIU_DESK), at=now() + timedelta(**span), note="问批次号")


def shown(who: str = LIU_DESK) -> tuple[set[str], set[str]]:
    context = client_of(who).get("/").context
    rows = {row.number for group in context["groups"] for row in group.rows}
    return rows, {row.number for row in context["later"]}


def test_a_line_is_folded_away_until_its_moment_and_told_of_then(scene: Scene, clock: Any) -> None:
    record = scene.in_progress("minor", "low")
    put_off(record, hours=1)
    assert shown() == (set(), {record.number})
    deliver_due(now())
    assert not Notification.objects.filter(event__startswith="reminder.", status="sent").exists()
    clock.advance(hours=1, minutes=1)
    assert shown() == ({record.number}, set())
    for _again in range(2):
        deliver_due(now())
    assert Notification.objects.filter(event__startswith="reminder.", status="sent").count() == 1


def test_no_clock_stops_and_what_runs_out_before_is_never_hidden(scene: Scene) -> None:
    record = scene.in_progress("severe", "high")
    before = Declaration.objects.get(pk=record.pk)
    put_off(record, days=30)
    after = Declaration.objects.get(pk=record.pk)
    assert (after.due_at, after.shown_due_at, after.version) == (before.due_at, before.shown_due_at, before.version)
    assert shown() == ({record.number}, set())


def test_what_is_in_danger_comes_back_before_its_moment(scene: Scene, clock: Any) -> None:
    record = scene.in_progress("minor", "low")
    left = record.due_at - now()
    actions.remind(record.pk, actor=staff(LIU_DESK), at=record.due_at - left * 0.1, note="等回复")
    assert shown()[1] == {record.number}
    clock.set(record.due_at - left * 0.15)
    assert shown()[0] == {record.number}


def test_it_comes_back_although_the_step_is_somebody_elses(scene: Scene, clock: Any) -> None:
    record = scene.waiting()
    put_off(record, hours=1)
    clock.advance(hours=2)
    assert record.number in shown()[0]


def test_a_reminder_is_ones_own_and_is_taken_back(scene: Scene, clock: Any) -> None:
    record = scene.in_progress("minor", "low")
    put_off(record, hours=1)
    actions.unremind(record.pk, actor=staff(WANG_DESK))
    assert Reminder.objects.count() == 1
    client_of(LIU_DESK).post(reverse("record-unremind", args=[record.number]))
    clock.advance(hours=2)
    deliver_due(now())
    assert not Notification.objects.filter(event__startswith="reminder.", status="sent").exists()
    assert not Entry.objects.filter(stream=record.stream, action__contains="remind").exists()


def test_a_second_one_takes_the_place_of_the_first(scene: Scene, clock: Any) -> None:
    record = scene.in_progress("minor", "low")
    put_off(record, hours=1)
    put_off(record, hours=3)
    clock.advance(hours=2)
    deliver_due(now())
    assert not Notification.objects.filter(event__startswith="reminder.", status="sent").exists()
    clock.advance(hours=2)
    deliver_due(now())
    assert Notification.objects.filter(event__startswith="reminder.", status="sent").count() == 1


def test_it_ends_with_the_record(scene: Scene, clock: Any) -> None:
    record = scene.confirmed()
    put_off(record, hours=1)
    scene.do(actions.close, record, LIU_DESK)
    assert not Reminder.objects.exists()
    clock.advance(hours=2)
    deliver_due(now())
    assert not Notification.objects.filter(event__startswith="reminder.", status="sent").exists()
    with pytest.raises(NotPossible):
        put_off(record, hours=1)
    assert client_of(LIU_DESK).get(f"/records/{record.number}/do/remind/").status_code == 409


def test_an_open_desk_brings_the_line_back_at_its_moment(scene: Scene, clock: Any) -> None:
    put_off(scene.in_progress("minor", "low"), minutes=5)
    page = OpenPage(LIU_DESK)
    clock.advance(minutes=4)
    assert page.hears() == {}
    clock.advance(minutes=1)
    assert page.hears()["page"]


@pytest.mark.parametrize(("span", "note"), [({"hours": -1}, "x"), ({"days": 900}, "x"), ({"hours": 1}, "  ")])
def test_a_moment_that_is_none_and_no_words_are_refused(scene: Scene, span: dict[str, int], note: str) -> None:
    record = scene.in_progress()
    with pytest.raises(Invalid):
        actions.remind(record.pk, actor=staff(LIU_DESK), at=now() + timedelta(**span), note=note)


def test_a_refused_form_keeps_what_was_typed(scene: Scene) -> None:
    record = scene.in_progress()
    answer = client_of(LIU_DESK).post(
        reverse("record-remind", args=[record.number]), {"at": "2020-01-01T10:00", "note": "问批次号"}
    )
    assert answer.status_code == 422
    assert "问批次号" in answer.content.decode()


def test_the_form_opens_within_the_page_of_the_record(scene: Scene) -> None:
    record = scene.in_progress()
    address = reverse("record-remind", args=[record.number])
    opened = client_of(LIU_DESK).get(address, headers={"HX-Request": "true", "HX-Target": "step-panel"})
    assert 'id="step"' in opened.content.decode()
    assert "<html" not in opened.content.decode()
    assert "<html" in client_of(LIU_DESK).get(address).content.decode()


def test_what_is_put_off_is_passed_over_on_the_way_to_the_next_work(scene: Scene) -> None:
    record, other = scene.in_progress("minor", "low"), scene.in_progress("severe", "high")
    assert record.number in client_of(LIU_DESK).get(reverse("next-work")).url
    put_off(record, hours=1)
    assert other.number in client_of(LIU_DESK).get(reverse("next-work")).url
