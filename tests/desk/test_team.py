"""The team: who has what, for whom it is shown, and what is taken over or given away from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.models import Role
from desk.team.queries import loads
from incidents import actions
from incidents.models import Declaration, HandlerChange
from ledger.exceptions import NotPermitted
from ledger.models import Entry
from notifications.models import Notification
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
