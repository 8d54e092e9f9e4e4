"""An open page hears of what concerns it, of nothing else, and at little cost."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import actor_for
from accounts.models import Role, RoleGrant, User
from base.clock import now
from desk.live.marks import LONGEST, opened
from desk.live.queries import LAST, MOST, newest
from desk.live.quick import ADDRESS
from escalation.actions import acknowledge_problem
from escalation.models import Problem
from incidents import actions
from incidents.models import Declaration
from ledger.models import Entry
from notifications import actions as notifications
from notifications.models import Notification
from notifications.outbox import notify
from notifications.queries import UNREAD_LIMIT
from tests.desk.live.asking import OpenPage
from tests.firm import (
    CHEN_HEAD,
    DU_TELECOM_F,
    FENG_AUDITOR,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    TELECOM_F,
    XU_SALES,
    ZHAO_DESK,
    client_of,
    person,
    staff,
)
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scene")]


def elsewhere() -> Scene:
    """A customer of another department."""
    return Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=DU_TELECOM_F)


def logged(scene: Scene, record: Declaration, by: str = LIU_DESK) -> Declaration:
    return scene.do(actions.log_handling, record, by, what="核对批次", result="完成")


def append(key: int, stream: str) -> None:
    body = {"hash": f"{key:064x}", "previous_hash": f"{key:064x}", "body": "{}", "at": now(), "action": "x"}
    Entry.objects.create(
        id=key, stream=stream, sequence=key, actor="system", actor_name="", payload_digest="", clause="", **body
    )


def test_while_nothing_happens_the_answer_is_empty(scene: Scene) -> None:
    scene.in_progress()
    for path in ("/", "/records/", "/notifications/"):
        page = OpenPage(LIU_DESK, path)
        answer = page.ask()
        assert (answer.status_code, answer.content) == (204, b"")


def test_the_desk_hears_of_a_relayed_call_and_then_rests() -> None:
    desk = OpenPage(LIU_DESK)
    Scene().relayed()
    assert desk.hears()["page"]
    assert desk.hears() == {}


def test_what_happens_while_the_page_is_made_is_new_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.home.views.rows.waiting_rows", lambda work, clocks: Scene().relayed() and [])
    desk = OpenPage(LIU_DESK)
    monkeypatch.undo()
    assert desk.sees_news


@pytest.mark.parametrize("path", ["/", "/records/"])
def test_what_one_may_not_see_changes_no_answer(path: str) -> None:
    page = OpenPage(LIU_DESK, path)
    scene = elsewhere()
    record = scene.in_progress()
    assert page.hears() == {}
    logged(scene, record, ZHAO_DESK)
    assert page.hears() == {}


def test_what_becomes_of_a_problem_that_one_may_not_see_changes_no_answer() -> None:
    Scene().countersigned()
    page, sales = OpenPage(CHEN_HEAD, "/"), OpenPage(XU_SALES, "/")
    problem = Problem.objects.get()
    manager = RoleGrant.objects.filter(role=Role.PROBLEM_MANAGER)[0].user
    acknowledge_problem(problem.pk, version=None, actor=actor_for(manager))
    assert sales.hears() == {}
    assert page.sees_news


def test_every_quiet_answer_brings_a_new_mark() -> None:
    page = OpenPage(LIU_DESK, "/")
    marks = [page.mark, *(page.ask().headers["Live-Mark"] for _time in range(2))]
    assert len(set(marks)) == 3


def test_what_goes_out_of_sight_goes_from_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    record = Scene().in_progress()
    page = OpenPage(LIU_DESK, "/records/")
    logged(Scene(), record)
    monkeypatch.setattr("desk.live.queries.sees_any", lambda actor, keys: False)
    assert page.sees_news


def test_the_mark_says_nothing_and_is_another_one_each_time(scene: Scene) -> None:
    record = scene.in_progress()
    client = client_of(LIU_DESK)
    first, second = (OpenPage(LIU_DESK, "/", client).mark for _time in range(2))
    assert first != second
    seen = urlsafe_b64decode(first)
    assert not any(str(part).encode() in seen for part in (record.pk + 10**6, "user", "newest", "shown"))
    known = opened(first)
    assert known is not None
    assert known.shows_any([record.pk])


@pytest.mark.parametrize("mark", ["", "x", "gAAAAAB", "gAAAAABqDummy=", "\N{SNOWMAN}"])
def test_a_mark_that_is_none_of_ours_loads_everything_anew(mark: str) -> None:
    answer = client_of(LIU_DESK).get(reverse("live"), headers={"Live-Mark": mark.encode("utf-8").decode("latin-1")})
    assert (answer.status_code, answer.json()) == (200, {"page": True, "frame": True})


def test_without_signing_in_nothing_is_told() -> None:
    page = OpenPage(LIU_DESK)
    stranger = Client()
    assert stranger.get(reverse("live"), headers={"Live-Mark": page.mark}).status_code == 401
    page.client.post(reverse("sign-out"))
    assert page.ask().status_code == 401


def test_the_page_of_somebody_else_learns_nothing() -> None:
    page = OpenPage(LIU_DESK)
    Scene().relayed()
    assert OpenPage(CHEN_HEAD).client.get(reverse("live"), headers={"Live-Mark": page.mark}).status_code == 409


def test_a_record_hears_of_itself_and_by_whom(scene: Scene) -> None:
    record, other = scene.in_progress(), scene.in_progress()
    page = OpenPage(CHEN_HEAD, f"/records/{record.number}/")
    page.hears()
    logged(scene, other)
    assert page.hears() == {"page": False, "frame": True, "by": "", "shared": False, "writing": []}
    logged(scene, record)
    told = page.hears()
    assert (told["page"], told["by"]) == (True, person(LIU_DESK).name)


def test_ones_own_step_in_another_tab_is_told_without_a_name(scene: Scene) -> None:
    record = scene.in_progress()
    page = OpenPage(LIU_DESK, f"/records/{record.number}/")
    logged(scene, record)
    told = page.hears()
    assert (told["page"], told["by"]) == (True, "")


def test_a_record_hears_that_its_problem_was_received(scene: Scene) -> None:
    record = scene.countersigned()
    page = OpenPage(CHEN_HEAD, f"/records/{record.number}/")
    append(Entry.objects.latest("pk").pk + 1, Problem.objects.get(declaration=record).stream)
    assert page.sees_news


def test_the_form_of_a_step_hears_of_its_record(scene: Scene) -> None:
    record = scene.in_progress()
    page = OpenPage(LIU_DESK, f"/records/{record.number}/do/log_handling/")
    logged(scene, record)
    assert page.sees_news


def test_a_record_that_one_may_not_see_any_more_is_not_there(scene: Scene) -> None:
    record = scene.in_progress()
    page = OpenPage(CHEN_HEAD, f"/records/{record.number}/")
    RoleGrant.objects.filter(user=person(CHEN_HEAD)).delete()
    assert page.ask().status_code == 404


def test_what_was_committed_late_is_noticed_under_an_older_number() -> None:
    last = Entry.objects.latest("pk").pk
    append(last + 2, "declaration:1000001")
    page = OpenPage(LIU_DESK)
    append(last + 1, "declaration:1000002")
    assert page.sees_news


def test_more_than_can_be_told_apart_is_news_to_all() -> None:
    page, last = OpenPage(LIU_DESK), Entry.objects.latest("pk").pk
    for key in range(1, MOST + 2):
        append(last + key, "declaration:1000001")
    assert page.sees_news


@pytest.mark.parametrize(
    ("stream", "concerns"), [("grant:1", True), ("security:2026-11-23", False), ("token:1", False)]
)
def test_of_what_is_no_record_only_what_moves_rights_and_terms_is_news(stream: str, concerns: bool) -> None:
    page = OpenPage(LIU_DESK)
    append(Entry.objects.latest("pk").pk + 1, stream)
    assert page.sees_news is concerns


def test_a_message_read_in_another_tab_changes_the_counts() -> None:
    user = person(LIU_DESK)
    notify("relay.waiting", stream="declaration:1", number="SD-1", recipients=[user], data={})
    page = OpenPage(LIU_DESK, "/notifications/")
    assert notifications.mark_seen(staff(LIU_DESK), list(Notification.objects.values_list("pk", flat=True)))
    assert page.hears() == {"page": False, "frame": True, "shared": False, "writing": []}
    assert page.hears() == {}


def test_time_alone_brings_the_order_up_to_date(clock: Any) -> None:
    Scene().relayed()
    page = OpenPage(LIU_DESK)
    assert page.hears() == {}
    clock.advance(minutes=15)
    assert page.sees_news
    assert page.hears() == {}


def test_a_page_without_clocks_looks_again_after_a_while(clock: Any) -> None:
    page = OpenPage(XU_SALES)
    clock.advance(seconds=LONGEST.total_seconds() - 1)
    assert page.hears() == {}
    clock.advance(seconds=1)
    assert page.sees_news


def test_the_unread_number_is_bounded() -> None:
    user = person(LIU_DESK)
    before = newest(user.pk).unread
    for cycle in range(UNREAD_LIMIT + 5):
        notify("relay.waiting", stream="declaration:1", number="SD-1", recipients=[user], data={}, cycle=cycle)
    assert (before, newest(user.pk).unread) == (0, UNREAD_LIMIT)


def test_a_question_without_news_costs_one_statement_for_everybody(
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    Scene().countersigned()
    for number in (LIU_DESK, CHEN_HEAD, HE_RISK, FENG_AUDITOR):
        assert count_queries(OpenPage(number).ask) == 1


def test_the_quick_answer_has_the_address_of_the_whole_one() -> None:
    assert reverse("live") == ADDRESS


def test_the_quick_answer_is_for_the_session_of_the_page_alone(scene: Scene) -> None:
    page, again = OpenPage(LIU_DESK), client_of(LIU_DESK)
    answer = again.get(reverse("live"), headers={"Live-Mark": page.mark})
    # The whole desk has asked who it is; the mark then goes on with the new session.
    assert answer.status_code == 204
    page.client.session.delete()
    assert page.ask().status_code == 401


def test_who_has_left_hears_nothing_though_nothing_else_happened() -> None:
    page = OpenPage(LIU_DESK)
    append(Entry.objects.latest("pk").pk + 1, person(LIU_DESK).stream)
    User.objects.filter(pk=person(LIU_DESK).pk).update(is_active=False)
    assert page.ask().status_code == 401


def test_news_of_others_cost_few_statements_however_many_they_are(
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    page, last = OpenPage(LIU_DESK), Entry.objects.latest("pk").pk
    for key in range(1, LAST):
        append(last + key, f"declaration:{10**6 + key}")
    # After the quick look: session, account, what is newest, what came, the reader's rights, what of it is theirs.
    assert count_queries(page.ask) <= 7


def test_a_question_about_a_record_costs_few_statements(
    scene: Scene, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    page = OpenPage(CHEN_HEAD, f"/records/{scene.in_progress().number}/")
    page.ask()
    assert count_queries(page.ask) <= 6


def test_the_counts_are_loaded_without_content_and_take_no_word_from_the_next_page(scene: Scene) -> None:
    client = client_of(LIU_DESK)
    record = scene.in_progress()
    client.post(
        f"/records/{record.number}/do/log_handling/", {"what": "核对", "result": "完成", "version": record.version}
    )
    frame = client.get(reverse("live-frame"), headers={"Live": "1"}).content.decode()
    assert 'data-live="side"' in frame
    assert "toast-line" not in frame
    assert "toast-line" in client.get(f"/records/{record.number}/").content.decode()


def test_the_title_counts_the_duties_and_says_the_least_time_left(clock: Any) -> None:
    Scene().relayed()
    clock.advance(minutes=37)
    page = " ".join(OpenPage(LIU_DESK).load().partition("</title>")[0].partition("<title>")[2].split())
    assert page == "(1) 22 min overdue · My desk"
    assert timedelta(minutes=15) == LONGEST
