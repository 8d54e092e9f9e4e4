"""A change of calendar or contract on records that are open: shown, applied, and never to what has been judged."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from accounts.actors import SYSTEM
from base.clock import now
from escalation import actions, queries
from escalation.models import Recount
from incidents import actions as incidents
from incidents.models import Declaration
from ledger.exceptions import NotPermitted
from ledger.models import Entry
from notifications.models import Notification
from sla.actions import Terms, change_contract, load_calendar_year, replay, set_calendar_day
from sla.models import CalendarDay, Clock, Contract
from sla.queries import default_calendar
from sla.targets import Target
from tests.firm import (
    ADMINISTRATOR,
    BANK_A,
    BANK_B,
    CHEN_HEAD,
    FENG_AUDITOR,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    XU_SALES,
    ZHENG_CUSTODIAN,
    person,
    staff,
)
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
HEAD, DESK = CHEN_HEAD, LIU_DESK
TWO_DAYS = Target(2, "working_day", "working")


def agree(contract: Contract, **changes: object) -> Contract:
    """The contract with other terms, as a head would save it."""
    terms = Terms(
        number=contract.number,
        name=contract.name,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        service_scope=contract.service_scope,
        process_notes=contract.process_notes,
        calendar=contract.calendar,
    )
    return change_contract(contract.pk, replace(terms, **changes), actor=SYSTEM, version=None)


@pytest.fixture
def working_time() -> Contract:
    """The customer's contract sets two working days for level 3, so the calendar counts."""
    return agree(Contract.objects.get(customer__code=BANK_B), targets={3: TWO_DAYS})


@pytest.fixture
def tuesday_off(working_time: Contract) -> Declaration:
    """A record due on Wednesday, before Tuesday became a day off."""
    declaration = Scene().in_progress()
    set_calendar_day(default_calendar(), date(2026, 11, 24), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)
    return declaration


def moves(number: str = HEAD, **options: object) -> list[tuple[str, str, timedelta]]:
    page = queries.moving(staff(number), **options)
    return [(row.declaration.number, row.move.clock.kind, row.move.difference) for row in page.rows]


def clock_of(declaration: Declaration) -> Clock:
    return Clock.objects.get(pk=declaration.resolution_clock_id)


def test_a_day_off_moves_what_is_due_after_it_by_one_day(tuesday_off):
    assert moves() == [(tuesday_off.number, "resolution", timedelta(days=1))]
    assert clock_of(tuesday_off).due_at == tuesday_off.due_at


def test_another_year_moves_nothing(working_time):
    Scene().in_progress()
    load_calendar_year(default_calendar(), 2027, [], "notice", actor=SYSTEM)
    assert moves() == []


def test_another_target_of_the_contract_moves_what_is_open(working_time):
    declaration = Scene().in_progress()
    before = declaration.due_at
    agree(working_time, targets={3: Target(4, "hour", "natural")})
    assert moves() == [(declaration.number, "resolution", declaration.received_at + timedelta(hours=4) - before)]
    assert moves(contract=working_time.pk) == moves()
    assert moves(contract=Contract.objects.get(customer__code=BANK_A).pk) == []


def test_a_contract_that_ended_meanwhile_moves_nothing(working_time):
    declaration = Scene().in_progress()
    agree(working_time, targets={3: TWO_DAYS}, ends_on=date(2026, 11, 1))
    assert moves() == []
    assert clock_of(declaration).agreed == TWO_DAYS


def test_a_response_that_is_owed_moves_with_the_contract(working_time):
    call = Scene().call(channel="email")
    declaration = incidents.accept(call, actor=staff(DESK))
    agree(working_time, targets={3: TWO_DAYS}, response_by_channel={"email": Target(1, "hour", "natural")})
    assert [(number, kind) for number, kind, _by in moves()] == [(declaration.number, "response")]


def test_applying_writes_old_and_new_counts_from_the_start_and_tells_handler_and_head(tuesday_off):
    old = tuesday_off.due_at
    moved, unlike = actions.apply_deadlines(tuesday_off.pk, actor=staff(HEAD))
    declaration, clock = Declaration.objects.get(pk=tuesday_off.pk), clock_of(tuesday_off)
    new = old + timedelta(days=1)
    assert (len(moved), unlike, declaration.due_at, clock.due_at) == (1, 0, new, new)
    assert declaration.version == tuesday_off.version
    assert replay(clock).due_at == new
    entry = Entry.objects.filter(stream=declaration.stream).latest("sequence")
    assert (entry.action, entry.role, entry.clause) == ("apply_deadlines", "department_head", "5.4.3")
    [told] = json.loads(entry.payload.content)["facts"]["moved"]
    assert (told["clock"], told["before"][:16], told["after"][:16]) == (
        "resolution",
        f"{old:%Y-%m-%dT%H:%M}",
        f"{new:%Y-%m-%dT%H:%M}",
    )
    people = Notification.objects.filter(event="deadline.moved").values_list("user__employee_number", flat=True)
    assert sorted(people) == [HEAD, DESK]


def test_applying_again_changes_nothing(tuesday_off):
    actions.apply_deadlines(tuesday_off.pk, actor=staff(HEAD))
    entries, told = Entry.objects.count(), Notification.objects.count()
    assert actions.apply_deadlines(tuesday_off.pk, actor=staff(HEAD)) == ([], 0)
    assert (Entry.objects.count(), Notification.objects.count()) == (entries, told)
    assert moves() == []


def test_a_second_change_is_told_again(tuesday_off):
    actions.apply_deadlines(tuesday_off.pk, actor=staff(HEAD))
    set_calendar_day(default_calendar(), date(2026, 11, 24), None, actor=SYSTEM, version=None)
    actions.apply_deadlines(tuesday_off.pk, actor=staff(HEAD))
    assert clock_of(tuesday_off).due_at == tuesday_off.due_at
    assert Notification.objects.filter(event="deadline.moved", user=person(DESK)).count() == 2


def test_what_has_been_judged_never_moves(working_time):
    resolved, closed = Scene().resolved(), Scene().closed()
    set_calendar_day(default_calendar(), date(2026, 11, 24), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)
    assert moves() == []
    for declaration in (resolved, closed):
        assert actions.apply_deadlines(declaration.pk, actor=staff(HEAD)) == ([], 0)
        assert (clock_of(declaration).due_at, clock_of(declaration).met) == (declaration.due_at, True)


def test_whoever_resolves_first_keeps_the_verdict(tuesday_off):
    row = queries.moving(staff(HEAD)).rows[0]
    scene = Scene()
    declaration = scene.do(incidents.log_handling, tuesday_off, DESK, what="补寄", result="已寄出")
    scene.do(incidents.resolve, declaration, DESK, **scene.solution())
    seen = {row.move.clock.pk: row.move.due_at}
    assert actions.apply_deadlines(tuesday_off.pk, actor=staff(HEAD), seen=seen) == ([], 1)
    assert clock_of(tuesday_off).due_at == tuesday_off.due_at


def test_what_is_not_as_it_was_shown_is_left(tuesday_off):
    row = queries.moving(staff(HEAD)).rows[0]
    set_calendar_day(default_calendar(), date(2026, 11, 25), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)
    seen = {row.move.clock.pk: row.move.due_at}
    assert actions.apply_deadlines(tuesday_off.pk, actor=staff(HEAD), seen=seen) == ([], 1)
    assert clock_of(tuesday_off).due_at == tuesday_off.due_at


def test_a_paused_clock_keeps_its_pause(clock):
    contract = agree(Contract.objects.get(customer__code=BANK_B), targets={3: TWO_DAYS}, pause_allowed=True)
    declaration = Scene().waiting()
    assert clock_of(declaration).paused_at is not None
    agree(contract, targets={3: Target(3, "working_day", "working")}, pause_allowed=True)
    actions.apply_deadlines(declaration.pk, actor=staff(HEAD))
    assert clock_of(declaration).paused_at is not None
    clock.advance(days=1)
    Scene().do(incidents.resume, declaration, DESK, received="批次号已给", way="phone")
    assert clock_of(declaration).due_at > declaration.due_at + timedelta(days=1)


def test_a_breach_that_happened_stays(working_time, clock):
    declaration = Scene().in_progress()
    clock.advance(days=4)
    agree(working_time, targets={3: Target(20, "working_day", "working")})
    actions.apply_deadlines(declaration.pk, actor=staff(HEAD))
    moved = clock_of(declaration)
    assert moved.due_at > now()
    assert moved.breached_at == declaration.due_at


def test_a_move_may_make_it_overdue_at_once_and_says_so(working_time, clock):
    Scene().in_progress()
    clock.advance(hours=2)
    agree(working_time, targets={3: Target(1, "hour", "natural")})
    [row] = queries.moving(staff(HEAD)).rows
    assert row.move.is_overdue(now())


@pytest.mark.parametrize("number", [ADMINISTRATOR, LIU_DESK, ZHENG_CUSTODIAN, HE_RISK, FENG_AUDITOR, XU_SALES])
def test_only_the_head_of_the_department_applies(tuesday_off, number):
    assert moves(number) == []
    with pytest.raises((NotPermitted, Declaration.DoesNotExist)):
        actions.apply_deadlines(tuesday_off.pk, actor=staff(number))
    with pytest.raises(NotPermitted):
        actions.begin_recount(actor=staff(number))
    assert clock_of(tuesday_off).due_at == tuesday_off.due_at


def test_a_head_of_another_department_sees_and_moves_nothing(tuesday_off):
    assert moves(LIN_HEAD) == []
    with pytest.raises(Declaration.DoesNotExist):
        actions.apply_deadlines(tuesday_off.pk, actor=staff(LIN_HEAD))


@pytest.fixture
def many(working_time: Contract) -> list[Declaration]:
    found = [Scene().in_progress() for _each in range(5)]
    set_calendar_day(default_calendar(), date(2026, 11, 24), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)
    return found


def test_all_are_applied_in_pieces_and_once(many):
    begun = actions.begin_recount(actor=staff(HEAD))
    assert actions.carry_on(begun.pk, limit=2) is False
    assert len(moves()) == 3
    assert actions.carry_on_recounts() == 3
    begun.refresh_from_db()
    assert (begun.looked_at, begun.moved, begun.finished_at) == (5, 5, now())
    assert actions.carry_on_recounts() == 0
    assert Entry.objects.filter(action="apply_deadlines").count() == 5


def test_a_run_that_is_killed_goes_on_where_it_stood(many, monkeypatch):
    begun = actions.begin_recount(actor=staff(HEAD))
    real, done = actions.deadlines.apply_deadlines, []

    def dies_at_the_third(declaration_id, **options):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(declaration_id)
        return real(declaration_id, **options)

    monkeypatch.setattr(actions.deadlines, "apply_deadlines", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        actions.carry_on(begun.pk)
    monkeypatch.setattr(actions.deadlines, "apply_deadlines", real)
    # It died after the second was moved and before that was noted: the second is looked at again, and stays.
    Recount.objects.filter(pk=begun.pk).update(after=done[0], looked_at=1, moved=1)
    actions.carry_on_recounts()
    assert Entry.objects.filter(action="apply_deadlines").count() == 5
    assert moves() == []


def test_a_head_who_is_none_any_more_moves_nothing(many):
    begun = actions.begin_recount(actor=staff(HEAD))
    person(HEAD).grants.update(ends_on=date(2026, 11, 1))
    actions.carry_on_recounts()
    begun.refresh_from_db()
    assert (begun.moved, begun.finished_at is not None) == (0, True)


def test_a_page_ends_with_a_whole_record_and_goes_on_behind_it(many):
    first = queries.moving(staff(HEAD), limit=2)
    assert [row.declaration for row in first.rows] == many[:2]
    rest = queries.moving(staff(HEAD), after=first.after, limit=50)
    assert [row.declaration for row in rest.rows] == many[2:]
    assert rest.after is None


def test_the_preview_costs_the_same_for_one_and_for_many(many, count_queries):
    actor = staff(HEAD)
    queries.moving(actor)
    one = count_queries(lambda: queries.moving(actor, limit=1, after=many[3].pk))
    assert count_queries(lambda: queries.moving(actor)) == one <= 9
