"""What is stored of the figures is at any time what would be counted from the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import SYSTEM
from accounts.models import Customer
from base.clock import now, set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.models import AwaitsCount, Declaration
from ledger import triggers
from reports.access import counted, opened, opens_all
from reports.actions import count_changed, counting, recount_all
from reports.models import CountedRecord, MonthFigures
from reports.queries import comparing
from setup.actions import merge_customers
from setup.queries import customer_merging
from tests import scenes
from tests.firm import (
    BANK_A,
    BANK_B,
    BROKER_E,
    CHEN_HEAD,
    FANG_BROKER_E,
    FENG_AUDITOR,
    GAO_MANAGEMENT,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    SUN_DESK,
    WANG_DESK,
    staff,
)
from tests.incidents.test_walks import act, legal, undone, walks
from tests.reports.by_hand import added_up, by_hand
from tests.reports.reading import YEAR, rate, total

pytestmark = pytest.mark.django_db
READERS = (CHEN_HEAD, LIN_HEAD, LIU_DESK, SUN_DESK, WANG_DESK, FENG_AUDITOR, GAO_MANAGEMENT)
SCENE = scenes.Scene()
OTHER = scenes.Scene(customer=BROKER_E, desk=SUN_DESK, contact=FANG_BROKER_E)
wait = import_module("incidents.migrations.0010_count_what_has_ended").wait


def compare() -> list[str]:
    return list(comparing.differences())


def hold(readers: Iterable[str] = READERS) -> None:
    """Every reader reads what the records tell, now."""
    at = now()
    for actor in (SYSTEM, *map(staff, readers)):
        assert added_up(actor, YEAR, at) == by_hand(actor, YEAR, at)


def security(*, ended: bool) -> Declaration:
    made = SCENE.handed_over(type="infosec", receiver=HE_RISK)
    if ended:
        made = SCENE.do(actions.receive_handover, made, HE_RISK)
        made = SCENE.do(actions.complete_handover, made, HE_RISK, reference="XX-1", result="已处置")
    return made


# Whatever happens


@pytest.mark.walks
@walks
@pytest.mark.usefixtures("monday")
@given(data=st.data())
def test_whatever_happens_and_whenever_it_is_counted_readers_read_what_the_records_tell(data: Any) -> None:
    def walk() -> None:
        at = scenes.MONDAY
        makers = [SCENE.accepted, SCENE.looked_up, SCENE.confirmed, SCENE.closed, SCENE.withdrawn, OTHER.closed]
        keys = [data.draw(st.sampled_from(makers))().pk for _ in range(3)]
        for _ in range(8):
            at += timedelta(minutes=data.draw(st.sampled_from((1, 5, 90, 1500, 50_000))))
            with set_clock(at):
                record = Declaration.objects.get(pk=data.draw(st.sampled_from(keys)))
                if choices := legal(record):
                    act(record, *data.draw(st.sampled_from(choices)))
                if data.draw(st.booleans()):
                    count_changed()
                hold([FENG_AUDITOR])
        with set_clock(at):
            assert compare() == []
            count_changed()
            hold()
            assert (recount_all(), compare()) == (0, [])
            hold()

    undone(walk)


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("counted_before", [True, False])
def test_each_reader_counts_each_kind_of_record(counted_before: bool) -> None:
    for made in (SCENE.filed, SCENE.invalid, SCENE.request_done, SCENE.handover_done, SCENE.in_progress, OTHER.closed):
        made()
    security(ended=True)
    security(ended=False)
    if counted_before:
        assert count_changed() == 6
    hold()
    assert total(CHEN_HEAD).response == rate(7, 7)
    assert total(FENG_AUDITOR).response == rate(7, 7)
    assert total(GAO_MANAGEMENT).response == rate(6, 6)
    assert compare() == []


def test_a_solution_that_is_taken_back_after_it_was_counted_counts_no_longer(scene: Any, clock: Any) -> None:
    closed = scene.closed()
    count_changed()
    assert total().resolution == rate(1, 1)
    clock.advance(hours=2)
    reopened = scene.do(actions.reopen, closed, LIU_DESK, reason="又出现了")
    clock.advance(days=40)
    assert (total().resolution, total().overdue, compare()) == (rate(0, 0), 1, [])
    count_changed()
    hold()
    assert not CountedRecord.objects.exists()
    scene.do(escalation.withdraw, reopened, scene.desk, who="唐若宁", how="电话")
    count_changed()
    hold()
    assert (total().resolution, total().response) == (rate(0, 0), rate(1, 1))


def test_a_record_stays_with_the_customer_under_whom_it_closed(scene: Any) -> None:
    scene.closed()
    scene.in_progress()
    count_changed()
    ends, stays = (Customer.objects.get(code=code) for code in (BANK_B, BANK_A))
    digest = customer_merging(staff(CHEN_HEAD), ends, stays).digest
    merge_customers(ends, stays, actor=staff(CHEN_HEAD), digest=digest)
    hold()
    assert {cell[2] for cell in added_up(SYSTEM, YEAR, now())} == {ends.pk, stays.pk}
    assert compare() == []


def test_who_has_only_own_figures_may_open_all_of_them(scene: Any) -> None:
    for made in (SCENE.filed, SCENE.relayed, SCENE.withdrawn, OTHER.in_progress):
        made()
    scenes.Scene(desk=WANG_DESK).accepted(contact=None, caller_name="路人", caller_phone="13700000000")
    security(ended=True)
    security(ended=False)
    for reader in map(staff, READERS):
        assert opens_all(reader) or counted(reader).exists()
        if opens_all(reader):
            assert set(opened(reader)) == set(counted(reader))


# The job


def test_nothing_is_due_before_something_ends(scene: Any) -> None:
    scene.resolved()
    assert (AwaitsCount.objects.count(), count_changed()) == (0, 0)
    assert total().resolution == rate(1, 1)


def test_what_was_counted_is_not_counted_again(scene: Any) -> None:
    scene.filed()
    assert (count_changed(), count_changed()) == (1, 0)
    assert (AwaitsCount.objects.count(), CountedRecord.objects.count(), MonthFigures.objects.count()) == (0, 1, 1)
    assert total().resolution == rate(1, 1)


def test_whose_verdict_is_still_to_come_waits_for_it(scene: Any, clock: Any) -> None:
    """No step ends a record with a clock that runs; should one, nothing is counted before its time."""
    record = actions.accept(scene.call(), actor=staff(scene.desk), answered_live=False)
    with triggers.lifted():
        Declaration.objects.filter(pk=record.pk).update(state="withdrawn")
    assert compare() == [f"{record.number}: should wait to be counted"]
    assert (recount_all(), count_changed(), compare()) == (0, 0, [])
    hold()
    clock.set(record.response_clock.due_at)
    assert total().response == rate(0, 1)
    hold()
    assert (count_changed(), compare()) == (1, [])
    hold()


def test_what_is_too_much_at_a_time_is_left_for_the_next(scene: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(counting, "AT_ONCE", 2)
    monkeypatch.setattr(counting, "AT_MOST", 1)
    for _ in range(3):
        scene.withdrawn()
    assert (count_changed(), AwaitsCount.objects.count()) == (2, 1)
    hold()
    assert (count_changed(), count_changed(), compare()) == (1, 0, [])
    hold()


def test_killed_in_the_middle_it_has_not_begun(scene: Any, monkeypatch: Any) -> None:
    scene.filed()

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("reports.actions.counting._add_to_sums", killed)
        with pytest.raises(KeyboardInterrupt):
            count_changed()
    assert (CountedRecord.objects.count(), AwaitsCount.objects.count() > 0, compare()) == (0, True, [])
    assert total().resolution == rate(1, 1)
    assert count_changed() == 1
    hold()


def test_many_cost_as_many_statements_as_one(scene: Any, count_queries: Callable[[Callable[[], object]], int]) -> None:
    scene.filed()
    count_changed()
    scene.filed()
    one = count_queries(count_changed)
    for _ in range(3):
        scene.filed()
    assert count_queries(count_changed) == one


# What is stored, and what the records tell


def test_without_the_mark_the_comparison_finds_the_record(scene: Any, clock: Any, monkeypatch: Any) -> None:
    closed = scene.closed()
    count_changed()
    clock.advance(hours=2)
    monkeypatch.setattr(AwaitsCount.objects, "create", lambda **_: None)
    scene.do(actions.reopen, closed, LIU_DESK, reason="又出现了")
    [difference] = compare()
    assert difference.startswith(f"{closed.number}: department_id {closed.department_id}")
    assert difference.endswith("should be nothing")
    assert total().resolution == rate(1, 1)
    with pytest.raises(CommandError, match="1 differences"):
        call_command("rebuild_figures", "--compare", stdout=StringIO(), stderr=StringIO())
    call_command("rebuild_figures", stdout=(said := StringIO()), stderr=StringIO())
    assert "1 of them otherwise than before" in said.getvalue()
    assert (compare(), total().resolution) == ([], rate(0, 0))


def test_a_sum_that_somebody_wrote_over_is_found_and_made_anew(scene: Any) -> None:
    scene.filed()
    count_changed()
    MonthFigures.objects.update(solved=7)
    [difference] = compare()
    assert difference.startswith("solved of month 2026-11-01")
    assert difference.endswith("7 should be 1")
    assert (recount_all(), compare(), total().resolution) == (0, [], rate(1, 1))


def test_all_is_counted_anew_where_nothing_was_stored(scene: Any) -> None:
    scene.filed()
    scene.in_progress()
    AwaitsCount.objects.all().delete()
    assert len(compare()) == 1
    seen: list[int] = []
    assert (recount_all(seen.append), seen, compare()) == (1, [2], [])
    hold()


def test_an_upgrade_leaves_the_figures_as_they_were_and_the_job_counts_all(scene: Any, clock: Any) -> None:
    for made in (scene.filed, scene.withdrawn, scene.in_progress):
        made()
    AwaitsCount.objects.all().delete()
    wait(apps, type("Editor", (), {"connection": connection}))
    hold()
    assert (count_changed(), compare()) == (2, [])
    hold()
