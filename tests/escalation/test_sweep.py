"""The sweep: what is due is told once, to the right people, and what is not due is left alone."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from base.clock import set_clock
from base.models import Heartbeat
from escalation import actions as escalation
from escalation import tasks
from escalation.actions.thresholds import Claim
from escalation.models import Warning
from escalation.queries import next_check
from incidents.models import Declaration
from ledger.models import Entry
from ledger.verification import compare, verify
from notifications.models import Notification
from notifications.wording import sentence
from sla import actions as sla
from sla.models import Calendar, Clock, Contract
from sla.targets import Target
from tests import scenes
from tests.escalation.sweeping import at, given, minor_in_progress, sweep_at, told
from tests.firm import (
    CHEN_HEAD,
    GAO_MANAGEMENT,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    SUN_DESK,
    TANG_BANK_B,
    TELECOM_F,
    WEI_TELECOM_F,
    ZHAO_DESK,
    contact,
    staff,
)

Count = Callable[[Callable[[], object]], int]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("firm")]


def test_nothing_is_told_before_its_time() -> None:
    declaration = minor_in_progress()
    assert sweep_at("2026-11-23T14:29:59") == 0
    assert given(declaration) == []


def test_handler_and_head_are_told_at_three_quarters() -> None:
    declaration = minor_in_progress()
    assert sweep_at("2026-11-23T14:30:00") == 1
    assert given(declaration) == [(75, ["handler", "department_head"])]
    told = set(
        Notification.objects.filter(event="warning.resolution.75").values_list("user__employee_number", flat=True)
    )
    assert told == {LIU_DESK, CHEN_HEAD}


def test_swept_again_it_is_told_once() -> None:
    declaration = minor_in_progress()
    assert [sweep_at("2026-11-23T14:31:00") for _ in range(3)] == [1, 0, 0]
    assert len(given(declaration)) == 1


def test_the_customer_is_told_by_the_system_at_ninety_percent() -> None:
    declaration = minor_in_progress()
    sweep_at("2026-11-23T15:10:00")
    assert given(declaration)[-1] == (90, ["handler", "department_head", "contact"])
    mail = Notification.objects.get(event="warning.resolution.90", channel="email")
    assert mail.contact == declaration.contact


def test_the_customer_is_not_told_again_after_the_handler_did() -> None:
    declaration = minor_in_progress()
    with set_clock(at("2026-11-23T14:40:00")):
        escalation.warn(
            declaration.pk,
            version=None,
            actor=staff(LIU_DESK),
            kind="at_risk",
            reason="配件未到",
            contacts=[contact(TANG_BANK_B)],
            letter="配件未到，预计晚些修好。",
        )
    sweep_at("2026-11-23T15:10:00")
    assert (90, ["handler", "department_head"]) in given(declaration)


def test_after_an_outage_every_threshold_has_its_row_with_its_true_moment() -> None:
    declaration = minor_in_progress()
    assert sweep_at("2026-11-23T19:00:00") == 3
    rows = Warning.objects.filter(declaration=declaration).order_by("threshold")
    assert [(row.threshold, row.reached_at) for row in rows] == [
        (75, at("2026-11-23T14:30:00")),
        (90, at("2026-11-23T15:06:00")),
        (100, at("2026-11-23T15:30:00")),
    ]
    assert {row.at for row in rows} == {at("2026-11-23T19:00:00")}


def test_one_message_carries_all_thresholds_of_a_round_and_says_that_it_is_late() -> None:
    minor_in_progress()
    sweep_at("2026-11-23T19:00:00")
    [message] = Notification.objects.filter(event__startswith="warning.", user__employee_number=LIU_DESK)
    assert (message.event, message.data["reached_at"]) == ("warning.resolution.100", "2026-11-23T07:30:00Z")
    assert "told late" in sentence(message.event, number=message.number, threshold=100, data=message.data)


def test_what_is_told_in_time_does_not_say_that_it_is_late() -> None:
    minor_in_progress()
    sweep_at("2026-11-23T14:31:00")
    assert "reached_at" not in Notification.objects.filter(event="warning.resolution.75").first().data


def test_a_clock_set_back_an_hour_changes_nothing() -> None:
    declaration = minor_in_progress()
    assert sweep_at("2026-11-23T15:10:00") == 2
    assert sweep_at("2026-11-23T14:10:00") == 0
    assert sweep_at("2026-11-23T15:11:00") == 0
    assert [threshold for threshold, _told in given(declaration)] == [75, 90]
    assert sweep_at("2026-11-23T15:30:00") == 1
    assert list(verify()) == []
    assert compare(Declaration.objects.get(pk=declaration.pk)) is None


def test_a_clock_that_nobody_owns_is_pushed_aside_alone() -> None:
    declaration = minor_in_progress()
    with set_clock(scenes.MONDAY), transaction.atomic():
        span = Target(1, "hour", "natural")
        lost = sla.start_clock("relay", started_at=scenes.MONDAY, target=span, source="parameter", calendar=None)
    assert sweep_at("2026-11-23T14:30:00") == 1
    assert len(given(declaration)) == 1
    lost.refresh_from_db()
    assert lost.next_check_at == at("2026-11-23T14:35:00")


def test_quiet_hours_hold_the_low_levels_until_opening() -> None:
    declaration = minor_in_progress()
    assert sweep_at("2026-11-23T21:00:00") == 0
    assert next_check() == at("2026-11-24T09:00:00")
    assert sweep_at("2026-11-24T09:00:00") == 3
    assert len(given(declaration)) == 3


def test_a_resolved_one_warns_nobody() -> None:
    with set_clock(scenes.MONDAY):
        declaration = scenes.Scene().resolved("minor", "low")
    assert sweep_at("2026-11-23T18:00:00") == 0
    assert given(declaration) == []


def test_a_paused_one_warns_nobody() -> None:
    with set_clock(scenes.MONDAY):
        # This customer's contract lets the clock stand while the desk waits for the customer.
        scene = scenes.Scene(
            customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, custodian=SUN_DESK, contact=WEI_TELECOM_F
        )
        declaration = scene.waiting()
    assert sweep_at("2026-12-23T18:00:00") == 0
    assert given(declaration) == []


def test_one_that_is_withdrawn_leaves_the_sweep_at_once() -> None:
    declaration = minor_in_progress()
    with set_clock(at("2026-11-23T11:00:00")):
        escalation.withdraw(declaration.pk, version=None, actor=staff(LIU_DESK), who="唐若宁", how="电话")
    assert next_check() is None


def test_a_warning_changes_no_version_and_stands_in_the_ledger() -> None:
    declaration = minor_in_progress()
    sweep_at("2026-11-23T14:30:00")
    assert Declaration.objects.get(pk=declaration.pk).version == declaration.version
    entry = Entry.objects.filter(stream=declaration.stream).latest("sequence")
    assert (entry.action, entry.clause, entry.actor) == ("warn_resolution", "5.4.6", "system")


def test_a_clock_that_fails_is_pushed_aside_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = minor_in_progress(), minor_in_progress()
    take = Claim.take

    def failing(claim: Claim, clock: Clock, declaration: Declaration) -> None:
        if declaration.pk == first.pk:
            raise RuntimeError("broken")
        take(claim, clock, declaration)

    monkeypatch.setattr(Claim, "take", failing)
    assert sweep_at("2026-11-23T14:30:00") == 1
    assert given(first) == []
    assert len(given(second)) == 1
    assert Heartbeat.objects.get(job="sweep").failed_at is not None
    monkeypatch.undo()
    assert sweep_at("2026-11-23T14:36:00") == 1
    assert len(given(first)) == 1


def test_a_desk_without_calendar_goes_on_with_what_needs_none_and_tells_the_health_page() -> None:
    lacking = minor_in_progress()
    with set_clock(scenes.MONDAY):
        scenes.Scene().relayed()
    Contract.objects.update(calendar=None)
    Calendar.objects.update(is_default=False)
    assert sweep_at("2026-11-23T15:10:00") >= 1
    assert told("overdue.relay.100") == [CHEN_HEAD]
    assert given(lacking) == []
    assert Heartbeat.objects.get(job="sweep").failed_at is not None
    Calendar.objects.update(is_default=True)
    assert sweep_at("2026-11-23T15:16:00") >= 1
    assert given(lacking)


def test_a_relay_that_nobody_signs_for_reaches_the_head() -> None:
    with set_clock(scenes.MONDAY):
        scenes.Scene().relayed()
    assert sweep_at("2026-11-23T10:16:00") >= 1
    told = Notification.objects.filter(event="overdue.relay.100").values_list("user__employee_number", flat=True)
    assert list(told) == [CHEN_HEAD]


def test_a_hand_over_that_nobody_signs_for_reaches_the_head() -> None:
    with set_clock(scenes.MONDAY):
        scenes.Scene().handed_over("infosec", HE_RISK)
    sweep_at("2026-11-23T10:31:00")
    told = Notification.objects.filter(event="overdue.handover.100").values_list("user__employee_number", flat=True)
    assert list(told) == [CHEN_HEAD]


def test_an_undecided_escalation_reminds_the_head_and_then_climbs() -> None:
    with set_clock(scenes.MONDAY):
        scenes.Scene().requested()
    sweep_at("2026-11-24T10:01:00")
    reminded = Notification.objects.filter(event="overdue.decision.50").values_list("user__employee_number", flat=True)
    assert list(reminded) == [CHEN_HEAD]
    sweep_at("2026-11-25T10:01:00")
    climbed = Notification.objects.filter(event="overdue.decision.100").values_list("user__employee_number", flat=True)
    assert set(climbed) == {CHEN_HEAD, GAO_MANAGEMENT}


def test_the_sweep_costs_what_is_due_not_what_is_open(count_queries: Count) -> None:
    minor_in_progress()
    with set_clock(at("2026-11-23T11:00:00")):
        few = count_queries(escalation.sweep)
    for _ in range(5):
        minor_in_progress()
    with set_clock(at("2026-11-23T11:00:00")):
        assert count_queries(escalation.sweep) == few


def test_many_due_clocks_take_no_more_statements_than_one(count_queries: Count) -> None:
    minor_in_progress()
    with set_clock(at("2026-11-23T14:30:00")):
        one = count_queries(escalation.sweep)
    for _ in range(6):
        minor_in_progress()
    with set_clock(at("2026-11-23T14:31:00")):
        assert count_queries(escalation.sweep) == one


@pytest.fixture
def in_batches_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("escalation.actions.sweep"), "BATCH", 1)
    monkeypatch.setattr(connection.features, "has_select_for_update_skip_locked", True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    asked: list[tuple[int, ...]] = []
    monkeypatch.setattr(tasks, "poke", lambda task, *arguments, expires: asked.append(arguments))
    return asked


@pytest.mark.usefixtures("in_batches_of_one")
@pytest.mark.parametrize(("helpers", "messages"), [(2, [(1,)]), (1, [(0,)]), (0, [])])
def test_more_than_a_batch_is_shared_with_so_many_others(
    asked: list[tuple[int, ...]], helpers: int, messages: list[tuple[int, ...]]
) -> None:
    for _number in range(3):
        minor_in_progress()
    with set_clock(at("2026-11-23T14:30:00")):
        assert tasks.sweep(helpers) == 3
    assert asked == messages


def test_nobody_is_asked_for_less_than_a_batch(asked: list[tuple[int, ...]]) -> None:
    minor_in_progress()
    with set_clock(at("2026-11-23T14:30:00")):
        assert tasks.sweep() == 1
    assert asked == []


@pytest.mark.usefixtures("in_batches_of_one")
def test_nobody_is_asked_where_one_would_wait_for_the_other(
    asked: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection.features, "has_select_for_update_skip_locked", False)
    monkeypatch.setattr(connection.features, "has_select_for_update", False)
    for _number in range(2):
        minor_in_progress()
    with set_clock(at("2026-11-23T14:30:00")):
        assert tasks.sweep() == 2
    assert asked == []


@pytest.mark.usefixtures("in_batches_of_one")
def test_a_sweep_that_finds_no_broker_does_everything_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_how: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", refuse)
    for _number in range(2):
        minor_in_progress()
    with set_clock(at("2026-11-23T14:30:00")):
        assert tasks.sweep() == 2
