"""The team: who has what, for whom it is shown, and what is taken over or given away from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.models import Role
from escalation import actions as escalation
from escalation.queries.team import KINDS, loads
from incidents import actions
from incidents.models import Declaration, HandlerChange
from ledger.exceptions import NotPermitted
from ledger.models import Entry
from notifications.models import Notification
from sla.models import Calendar, Clock, Contract
from tests.desk.copies import copy_declarations
from tests.firm import (
    CHEN_HEAD,
    FENG_AUDITOR,
    HE_RISK,
    LIU_DESK,
    SUN_DESK,
    WANG_DESK,
    client_of,
    person,
    staff,
    stand_in,
)
from tests.scenes import Scene
from tests.verbs.example import WITH_NOTES

pytestmark = pytest.mark.django_db
LIKELY = "Like cases that ran so long mostly missed their time"
# What the page calls them, and what programs do.
NAMES = {"late": "late", "risky": "will_be_late", "waiting": "waiting"}


def page(who: str, **asked: Any) -> Any:
    return client_of(who).get(f"{reverse('team')}?{urlencode(asked)}")


def load_of(who: str, reader: str = CHEN_HEAD) -> Any:
    found = loads(staff(reader), [person(reader).department_id])
    return next(each for each in found if each.user == person(who))


def give(who: str, rows: list[Declaration], to: str, **more: Any) -> Any:
    rows = [Declaration.objects.get(pk=row.pk) for row in rows]
    versions = {f"version-{row.pk}": row.version for row in rows}
    values = {"selected": [row.pk for row in rows], **versions, "to": to, "reason": "刘思远今天不在", **more}
    return client_of(who).post(reverse("records-reassign"), values)


def test_the_figures_are_what_each_has_in_hand(scene: Scene, clock: Any) -> None:
    scene.in_progress("severe", "high")
    scene.waiting()
    WITH_NOTES.classified()
    before = load_of(LIU_DESK)
    assert (before.open, before.severe, before.waiting, before.late) == (2, 1, 1, 0)
    assert load_of(WANG_DESK).open == 1
    clock.advance(days=20)
    assert load_of(LIU_DESK).late >= 1
    assert load_of(LIU_DESK).worst < before.worst or load_of(LIU_DESK).worst == before.worst


def test_who_is_away_stands_there_with_the_deputy(scene: Scene) -> None:
    scene.in_progress()
    stand_in(Role.SERVICE_DESK, LIU_DESK, WANG_DESK)
    assert load_of(LIU_DESK).deputies == (person(WANG_DESK),)
    assert person(WANG_DESK).name in page(CHEN_HEAD).content.decode()


@pytest.mark.parametrize(("who", "status"), [(LIU_DESK, 200), (CHEN_HEAD, 200), (HE_RISK, 403), (FENG_AUDITOR, 403)])
def test_it_is_for_desks_and_heads(scene: Scene, who: str, status: int) -> None:
    assert page(who).status_code == status


def test_another_department_sees_neither_people_nor_records(scene: Scene) -> None:
    record = scene.in_progress()
    shown = page(SUN_DESK)
    assert record.number not in shown.content.decode()
    assert person(LIU_DESK) not in [each.load.user for each in shown.context["people"]]
    assert client_of(SUN_DESK).get(reverse("team-person", args=[person(LIU_DESK).pk])).status_code == 404


def test_a_restricted_record_counts_for_nobody_who_may_not_read_it(scene: Scene) -> None:
    scene.handed_over("infosec", HE_RISK)
    assert load_of(LIU_DESK, CHEN_HEAD).open == 1
    assert load_of(LIU_DESK, WANG_DESK).open == 0


def test_my_desk_stays_marked_in_the_navigation(scene: Scene) -> None:
    assert '<a class="nav-item" href="/" title="My desk" aria-current="page">' in page(CHEN_HEAD).content.decode()


def test_an_empty_desk_has_a_team_page(monday: None) -> None:
    shown = page(LIU_DESK)
    assert shown.status_code == 200
    assert all(not rows for _key, _title, rows, _none in shown.context["parts"])


def test_as_many_statements_for_many_records_as_for_few(
    scene: Scene, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    for state in ("in_progress", "waiting_customer", "handed_over", "resolved"):
        scene.at(state)
    scene.requested()
    client = client_of(CHEN_HEAD)
    client.get(reverse("team"))
    few = count_queries(lambda: client.get(reverse("team")))
    copy_declarations(times=30)
    assert count_queries(lambda: client.get(reverse("team"))) == few
    assert few <= 24


def test_what_waits_says_for_whom_and_since_when(scene: Scene) -> None:
    record = scene.waiting()
    [row] = {key: rows for key, _title, rows, _none in page(CHEN_HEAD).context["parts"]}["waiting"]
    assert row.number == record.number
    assert "Customer" in row.why
    assert "10:00" in row.why


def why(part: str, who: str = CHEN_HEAD) -> dict[str, str]:
    """What stands beside each line of a part of the page, by number."""
    parts = {key: rows for key, _title, rows, _none in page(who).context["parts"]}
    return {row.number: row.why for row in parts[part]}


def test_it_says_what_will_be_late_and_why(scene: Scene, clock: Any) -> None:
    today, later, likely = scene.in_progress("minor", "low"), scene.in_progress("severe", "high"), scene.in_progress()
    Clock.objects.filter(pk=likely.resolution_clock_id).update(trend_percent=0)
    before = why("risky")
    assert before == {today.number: "Due before work ends", likely.number: LIKELY}
    clock.set(today.due_at - timedelta(minutes=30))
    assert "of its time is used" in why("risky")[today.number]
    clock.set(today.due_at + timedelta(minutes=1))
    assert set(why("late")) == {today.number}
    assert later.number not in why("risky")


def test_without_a_calendar_the_share_of_warning_still_tells(scene: Scene, clock: Any) -> None:
    record = scene.in_progress("minor", "low")
    Contract.objects.update(calendar=None)
    Calendar.objects.update(is_default=False)
    assert why("risky") == {}
    clock.set(record.due_at - timedelta(minutes=30))
    assert set(why("risky")) == {record.number}


def test_what_waits_for_risk_control_says_for_whom_and_since_its_turn_came(scene: Scene, clock: Any) -> None:
    decided, asked = scene.requested(), scene.request_review()
    clock.advance(hours=1)
    scene.do(escalation.decide_escalation, decided, CHEN_HEAD, approved=True, reason="须查根因")
    told = why("waiting")
    assert told[decided.number] == f"Risk control answers ({person(HE_RISK).name}) · since today 11:00"
    assert told[asked.number].endswith("since today 10:00")
    assert told[asked.number].startswith(f"Head of department decides ({person(CHEN_HEAD).name}), Risk control answers")
    clock.advance(hours=1)
    scene.do(escalation.countersign, decided, HE_RISK, agrees=False, opinion="证据不足")
    assert (
        why("waiting")[decided.number] == f"Head of department decides ({person(CHEN_HEAD).name}) · since today 12:00"
    )


def test_a_program_reads_the_same_figures(scene: Scene, clock: Any) -> None:
    for state in ("in_progress", "waiting_customer", "handed_over", "resolved"):
        scene.at(state)
    scene.requested()
    clock.advance(hours=30)
    shown, told = page(CHEN_HEAD).context, client_of(CHEN_HEAD).get(reverse("api-team")).json()
    figures = {each.load.user.employee_number: [one.count for one in each.figures] for each in shown["people"]}
    assert {each["person"]: [each[kind] for kind in KINDS] for each in told["people"]} == figures
    parts = {key: [row.number for row in rows] for key, _title, rows, _none in shown["parts"]}
    read = {key: [each["number"] for each in told[name]] for key, name in NAMES.items()}
    assert read == parts
    assert parts["late"]
    assert parts["waiting"]
    assert told["unhandled"] == shown["unhandled"]


# Taking over and giving away


def test_a_desk_takes_over_what_a_colleague_handles(scene: Scene) -> None:
    record = scene.in_progress()
    actions.take_on(record.pk, version=record.version, actor=staff(WANG_DESK), reason="刘思远今天不在")
    assert Declaration.objects.get(pk=record.pk).handler == person(WANG_DESK)
    assert HandlerChange.objects.get(declaration=record, to_user=person(WANG_DESK)).reason == "刘思远今天不在"
    assert Entry.objects.filter(stream=record.stream, action="take_on").count() == 1
    assert Notification.objects.filter(event="incident.taken_on", user=person(LIU_DESK)).count() == 1


@pytest.mark.parametrize("who", [LIU_DESK, HE_RISK, CHEN_HEAD])
def test_nobody_else_takes_it_on_like_this(scene: Scene, who: str) -> None:
    record = scene.in_progress()
    with pytest.raises((NotPermitted, Declaration.DoesNotExist)):
        actions.take_on(record.pk, version=None, actor=staff(who), reason="忙")


def test_several_are_given_at_once_and_each_says_what_became_of_it(scene: Scene) -> None:
    mine, closed = scene.in_progress(), scene.confirmed()
    actions.close(closed.pk, version=None, actor=staff(LIU_DESK))
    answer = give(CHEN_HEAD, [mine, closed], WANG_DESK)
    first, second = answer.context["outcomes"]
    assert (first.sentence, bool(second.sentence)) == ("", True)
    assert Declaration.objects.get(pk=mine.pk).handler == person(WANG_DESK)


def test_a_desk_takes_several_of_a_colleague_and_gives_them_to_nobody_else(scene: Scene) -> None:
    record, other = scene.in_progress(), scene.looked_up()
    assert give(WANG_DESK, [record], SUN_DESK).context["outcomes"][0].sentence
    team = person(LIU_DESK).pk
    answer = give(WANG_DESK, [record, other], WANG_DESK, team=team)
    assert [each.sentence for each in answer.context["outcomes"]] == ["", ""]
    assert answer.context["back"] == reverse("team-person", args=[team])


def test_taking_over_begins_with_oneself(scene: Scene) -> None:
    record = scene.in_progress()
    asked = {"selected": record.pk, "team": person(LIU_DESK).pk, "take": "yes"}
    form = client_of(WANG_DESK).get(reverse("records-reassign"), asked).context["form"]
    assert form["to"].value() == WANG_DESK
