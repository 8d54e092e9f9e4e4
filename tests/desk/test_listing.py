"""The list of records: what it shows to whom, how it is narrowed, searched and paged, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from accounts.actors import CHINA, SYSTEM
from base.clock import now
from escalation.queries.shown_clocks import shown_clocks
from incidents import actions
from incidents.models import Declaration, State
from incidents.queries.listing import SORTS, VIEWS, ListQuery, counts, listed
from procedure.queries import rules
from sla.queries import TimeLeft, TimeState
from tests.desk.copies import copied, copy_declarations
from tests.firm import (
    BROKER_E,
    CHEN_HEAD,
    DU_TELECOM_F,
    FANG_BROKER_E,
    FENG_AUDITOR,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    SUN_DESK,
    TELECOM_F,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    ZHOU_HEAD,
    client_of,
    person,
    staff,
)
from tests.scenes import MONDAY, Scene

pytestmark = pytest.mark.django_db
STATEMENTS = 12


def numbers(number: str, **asked: object) -> list[str]:
    return [row.number for row in listed(staff(number), ListQuery(**asked)).rows]


def walk(actor, sort: str, view: str = "all") -> list[list[str]]:
    """All pages of that order, each as its numbers."""
    pages, cursor = [], ""
    while True:
        page = listed(actor, ListQuery(view=view, sort=sort, cursor=cursor))
        pages.append([row.number for row in page.rows])
        if not page.next:
            return pages
        cursor = page.next


def test_everybody_sees_only_what_the_record_page_would_show(scene):
    first = scene.accepted()
    other = Scene(customer=BROKER_E, desk=SUN_DESK, contact=FANG_BROKER_E).accepted()
    assert (numbers(LIU_DESK), numbers(SUN_DESK), numbers(XU_SALES)) == ([first.number], [other.number], [])


def test_a_restricted_record_stays_out_of_lists_counts_and_search(scene):
    hidden = scene.handed_over(type="infosec", receiver=HE_RISK)
    for number in (ZHENG_CUSTODIAN, LIN_HEAD, XU_SALES):
        assert numbers(number, view="all", q="漏装") == []
        assert counts(staff(number), ListQuery(view="all"))["asked"] == 0
    assert numbers(HE_RISK, view="all") == [hidden.number]


def test_each_view_holds_what_its_name_says(scene, clock):
    made = {state: scene.at(state).number for state in (State.FILED, State.CLOSED, State.RESOLVED, State.IN_PROGRESS)}
    found = {view: set(numbers(LIU_DESK, view=view)) for view in VIEWS}
    assert found["open"] == found["mine"] == {made[State.IN_PROGRESS], made[State.RESOLVED]}
    assert found["confirm"] == {made[State.RESOLVED]}
    assert found["filing"] == {made[State.CLOSED]}
    assert found["all"] == found["week"] == set(made.values())
    clock.advance(days=60)
    assert (numbers(LIU_DESK, view="late"), numbers(LIU_DESK, view="week")) == ([made[State.IN_PROGRESS]], [])


def test_filters_narrow_and_add_up(scene):
    minor, severe = scene.looked_up("minor", "low"), scene.looked_up("severe", "high")
    scene.accepted()
    assert numbers(LIU_DESK, levels=(1,)) == [severe.number]
    assert set(numbers(LIU_DESK, states=(State.CLASSIFIED,))) == {minor.number, severe.number}
    assert numbers(LIU_DESK, states=(State.CLASSIFIED,), levels=(4,)) == [minor.number]
    assert numbers(LIU_DESK, types=("complaint",)) == []
    assert numbers(LIU_DESK, customers=(minor.customer_id + 1000,)) == []


def test_handler_leaf_and_days_since_receipt_narrow_it(scene, clock):
    graded = scene.looked_up("minor", "low")
    other = scene.accepted()
    assert numbers(LIU_DESK, leaves=(graded.leaf,)) == [graded.number]
    assert numbers(LIU_DESK, handlers=(person(SUN_DESK).pk,)) == []
    mine = numbers(LIU_DESK, handlers=(person(LIU_DESK).pk,))
    assert set(mine) == {row.number for row in (graded, other) if row.handler_id}
    clock.advance(days=6)
    assert (numbers(LIU_DESK, received_days=7), numbers(LIU_DESK, received_days=1)) == (numbers(LIU_DESK), [])
    clock.advance(days=1)
    assert numbers(LIU_DESK, received_days=7) == []


def test_a_day_of_receipt_begins_at_midnight_in_china(scene, clock):
    made = scene.accepted()
    clock.set(made.received_at.astimezone(CHINA).replace(hour=23, minute=59))
    assert numbers(LIU_DESK, received_days=1) == [made.number]
    clock.advance(minutes=1)
    assert numbers(LIU_DESK, received_days=1) == []


def test_the_bar_offers_handlers_leaves_and_days_and_says_what_is_set(scene):
    graded = scene.looked_up("minor", "low")
    asked = {"handler": LIU_DESK, "leaf": graded.leaf, "received": "7"}
    page = client_of(LIU_DESK).get(reverse("records"), asked)
    chips = {chip["label"]: chip["value"] for chip in page.context["bar"]["chips"]}
    leaf = rules(graded.procedure_version_id).leaf(graded.leaf)
    assert chips == {"Received": "Last 7 days", "Handler": person(LIU_DESK).name, "Category": str(leaf.name)}


def test_handlers_of_foreign_customers_are_not_offered(scene):
    scene.accepted()
    filters = {each["label"]: each for each in client_of(LIU_DESK).get(reverse("records")).context["bar"]["filters"]}
    assert person(SUN_DESK).name not in [option["label"] for option in filters["Handler"]["options"]]


@pytest.mark.parametrize("asked", ["对账单漏", "唐若宁", "示例银行B", "2001", "139 0000 2001", "010-00000201"])
def test_a_record_is_found_by_subject_caller_customer_and_phone(scene, asked):
    made = scene.accepted()
    assert numbers(LIU_DESK, view="all", q=asked) == [made.number]


def test_a_record_is_found_by_its_number_and_by_its_beginning(scene):
    first, second = scene.accepted(), scene.accepted()
    assert numbers(LIU_DESK, view="all", q=second.number.lower()) == [second.number]
    assert set(numbers(LIU_DESK, view="all", q=first.number[:-1])) == {first.number, second.number}


@pytest.mark.parametrize("asked", ["没有这样的话", "SD-20990101-001", "%", "'", '"', "*", "\\", "　"])
def test_what_fits_nothing_finds_nothing_and_breaks_nothing(scene, asked):
    scene.accepted()
    found = numbers(LIU_DESK, view="all", q=asked)
    assert found == [] or not asked.strip()


@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_every_record_once_in_order_and_lead_back(scene, sort):
    for state in (State.ACCEPTED, State.IN_PROGRESS, State.HANDED_OVER, State.RESOLVED):
        scene.at(state)
    copy_declarations(times=14)
    actor = staff(LIU_DESK)
    pages = walk(actor, sort)
    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({number for page in pages for number in page}) == 60
    last = listed(actor, ListQuery(view="all", sort=sort, cursor=_cursor_to_last(actor, sort)))
    back = listed(actor, ListQuery(view="all", sort=sort, cursor=last.previous))
    assert [row.number for row in back.rows] == pages[1]
    first = listed(actor, ListQuery(view="all", sort=sort, cursor=back.previous))
    assert ([row.number for row in first.rows], first.previous) == (pages[0], "")


def _cursor_to_last(actor, sort: str) -> str:
    second = listed(
        actor, ListQuery(view="all", sort=sort, cursor=listed(actor, ListQuery(view="all", sort=sort)).next)
    )
    return second.next


def test_records_of_no_level_stand_before_the_others(scene):
    graded, ungraded = scene.in_progress(), scene.accepted()
    assert numbers(LIU_DESK, sort="level") == [ungraded.number, graded.number]


PAUSING = Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=DU_TELECOM_F)
# Each stops at its state, so that the clock of relay, response, hand-over or solution is shown; or none.
STOPS = (State.RELAYED, State.HANDED_OVER, State.IN_PROGRESS, State.RESOLVED, State.REQUEST_IN_PROGRESS)


def test_the_list_is_in_the_order_of_the_time_left_that_it_shows(scene, clock):
    """Overdue first, by the clock of each line; what stands, has ended or is not timed comes last."""
    for hour in range(4):
        clock.set(MONDAY + timedelta(hours=hour))
        for state in STOPS:
            scene.at(state)
        actions.accept(scene.call(), actor=staff(LIU_DESK))
        scene.in_progress("severe", "high")
        PAUSING.waiting()
    shown = [left for page in _lines(clock, days=2) for left in page]
    assert {left.kind for left in shown if left} == {"relay", "response", "handover", "resolution"}
    assert {left.state for left in shown if left} >= {TimeState.BREACHED, TimeState.PAUSED, TimeState.MET}
    runs = [left is not None and left.due_words != "" and left.state not in ENDED_CLOCKS for left in shown]
    assert (runs, len(shown)) == (sorted(runs, reverse=True), 32)
    due = [left.due for left, is_running in zip(shown, runs, strict=True) if is_running]
    assert due == sorted(due)
    late = [left.state == TimeState.BREACHED for left in shown if left]
    assert late[: late.count(True)] == [True] * late.count(True)
    assert counts(SYSTEM, ListQuery())["late"] == late.count(True) == len(listed(SYSTEM, ListQuery(view="late")).rows)


ENDED_CLOCKS = (TimeState.MET, TimeState.LATE)


def _lines(clock, days: int) -> list[list[TimeLeft | None]]:
    """What the lines of each page show, that many days later."""
    clock.advance(days=days)
    pages, cursor = list[list[TimeLeft | None]](), ""
    while True:
        page = listed(SYSTEM, ListQuery(cursor=cursor))
        clocks = shown_clocks(page.rows, now())
        pages.append([clocks.get(row.pk) for row in page.rows])
        if not page.next:
            return pages
        cursor = page.next


def test_a_record_that_comes_meanwhile_does_not_move_the_next_page(scene):
    scene.accepted()
    copy_declarations(times=29)
    actor = staff(LIU_DESK)
    before = walk(actor, "number")
    cursor = listed(actor, ListQuery(view="all", sort="number")).next
    scene.accepted(subject="新来的")
    after = listed(actor, ListQuery(view="all", sort="number", cursor=cursor))
    assert [row.number for row in after.rows] == before[1]


@pytest.mark.parametrize("cursor", ["x", "W10:1:2", "a" * 5000, "null"])
def test_a_foreign_cursor_is_the_first_page(scene, cursor):
    made = scene.accepted()
    assert numbers(LIU_DESK, cursor=cursor) == [made.number]
    assert client_of(LIU_DESK).get(reverse("records"), {"cursor": cursor}).status_code == 200


def test_counts_stop_at_a_thousand(scene):
    scene.accepted()
    row = Declaration.objects.get()
    rows = []
    for position in range(1005):
        another = copied(row, f"SD-20261124-{position:05d}")
        another.response_clock = another.resolution_clock = another.relay_clock = None
        rows.append(another)
    Declaration.objects.bulk_create(rows)
    assert counts(staff(LIU_DESK), ListQuery())["open"] == 1001
    assert "1,000+" in client_of(LIU_DESK).get(reverse("records")).content.decode()


def test_a_search_from_the_top_bar_looks_everywhere(scene):
    filed = scene.filed()
    page = client_of(LIU_DESK).get(reverse("records"), {"q": filed.number}).content.decode()
    assert reverse("record", args=[filed.number]) in page


def test_an_empty_result_offers_to_clear_the_filters(scene):
    scene.accepted()
    page = client_of(LIU_DESK).get(reverse("records"), {"q": "没有这样的话", "level": "1"}).content.decode()
    assert "Clear filters" in page


def test_unknown_parameters_are_ignored(scene):
    made = scene.accepted()
    odd = {"view": "x", "sort": "password", "level": "9,a", "customer": "' or 1=1", "state": "new", "department": "Z"}
    odd |= {"handler": "S99", "leaf": "x.y", "received": "8"}
    page = client_of(LIU_DESK).get(reverse("records"), odd)
    assert (page.status_code, made.number in page.content.decode()) == (200, True)


def test_filters_stay_when_the_page_is_turned(scene):
    scene.accepted()
    copy_declarations(times=29)
    page = client_of(LIU_DESK).get(reverse("records"), {"state": "accepted", "sort": "number"}).content.decode()
    following = re.search(r'href="([^"]+)" rel="next"', page)
    assert following
    assert {"state=accepted", "sort=number"} <= set(following[1].partition("?")[2].split("&amp;"))


def test_the_page_costs_the_same_however_much_there_is(scene, count_queries):
    for state in (State.FILED, State.CLOSED, State.RELAYED, State.SCREENED, State.IN_PROGRESS, State.HANDED_OVER):
        scene.at(state)
    scene.decided()
    readers = {number: client_of(number) for number in (LIU_DESK, CHEN_HEAD, HE_RISK, FENG_AUDITOR, ZHOU_HEAD)}
    queries = ("", "?view=all&q=对账单", "?sort=level&customer=C02")

    def costs() -> dict[tuple[str, str], int]:
        return {
            (number, query): count_queries(partial(client.get, f"{reverse('records')}{query}"))
            for number, client in readers.items()
            for query in queries
        }

    costs()
    few = costs()
    copy_declarations(times=42)
    assert costs() == few
    # What looks for words looks once before.
    assert max(cost - ("q=" in query) for (_number, query), cost in few.items()) <= STATEMENTS


def test_the_palette_finds_records_and_offers_to_log_one(scene):
    made = scene.accepted()
    client = client_of(LIU_DESK)
    assert made.number in client.get(reverse("command"), {"q": "对账单"}).content.decode()
    assert reverse("register") in client.get(reverse("command"), {"q": "没有这样的话"}).content.decode()
    assert client.get(reverse("command")).content.decode().strip() == ""


def test_a_paused_record_is_not_late_until_its_clock_goes_on(scene, clock):
    pausing = Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=DU_TELECOM_F)
    paused, running = pausing.waiting(), scene.waiting()
    clock.advance(days=60)
    assert (numbers(ZHAO_DESK, view="late"), numbers(LIU_DESK, view="late")) == ([], [running.number])
    assert counts(staff(ZHAO_DESK), ListQuery())["late"] == 0
    pausing.do(actions.resume, paused, ZHAO_DESK, received="批次号", way="phone")
    assert numbers(ZHAO_DESK, view="late") == []
    clock.advance(days=60)
    assert numbers(ZHAO_DESK, view="late") == [paused.number]


def test_what_was_late_before_it_was_paused_stays_late(clock, scene):
    pausing = Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=DU_TELECOM_F)
    late = pausing.in_progress()
    clock.advance(days=60)
    pausing.do(actions.wait, late, ZHAO_DESK, awaits="批次号", basis="今日电话", contact=None)
    assert numbers(ZHAO_DESK, view="late") == [late.number]
