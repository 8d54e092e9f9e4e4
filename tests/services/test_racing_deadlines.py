"""A change applied to open records by several at once, against the step that ends the clock, and by one who dies.

The fence has a twin in which it is taken away and the fault is seen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from accounts.actors import SYSTEM
from base.clock import set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration
from ledger.exceptions import NotPossible, Stale
from ledger.models import Entry
from sla.actions import set_calendar_day
from sla.models import CalendarDay, Clock, Contract
from sla.queries import default_calendar
from tests import scenes
from tests.escalation.test_deadlines import TWO_DAYS, agree
from tests.firm import BANK_B, CHEN_HEAD, LIU_DESK, open_firm, staff
from tests.services.racing import at_once, killed_in_the_middle, on_a_server, without_lock_and_version

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]
SCENE = scenes.Scene()
HEAD = CHEN_HEAD


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with set_clock(scenes.MONDAY):
        open_firm()
        agree(Contract.objects.get(customer__code=BANK_B), targets={3: TWO_DAYS})
        yield


def tuesday_off() -> None:
    set_calendar_day(default_calendar(), date(2026, 11, 24), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)


def applied_by_eight(declaration: Declaration) -> list[int]:
    """How many clocks each of eight moved; -1 for one who ran into an error of the database or of the clock."""
    actor = staff(HEAD)

    def work(_number: int) -> int:
        try:
            return len(escalation.apply_deadlines(declaration.pk, actor=actor)[0])
        except Exception:
            return -1

    return sorted(at_once(work))


def test_eight_who_apply_the_same_change_move_it_once() -> None:
    declaration = SCENE.in_progress()
    tuesday_off()
    assert applied_by_eight(declaration) == [0] * 7 + [1]
    assert Entry.objects.filter(action="apply_deadlines").count() == 1


def test_without_the_lock_they_get_into_each_others_way(monkeypatch: pytest.MonkeyPatch) -> None:
    declaration = SCENE.in_progress()
    tuesday_off()
    without_lock_and_version(monkeypatch)
    assert applied_by_eight(declaration) != [0] * 7 + [1]


def resolved_and_moved_at_once(declaration: Declaration) -> list[str]:
    """What came of resolving it, and of applying the change to it, in the same moment."""
    head, desk = staff(HEAD), staff(LIU_DESK)

    def work(number: int) -> str:
        try:
            if number == 0:
                actions.resolve(declaration.pk, version=None, actor=desk, **SCENE.solution())
                return "resolved"
            return f"moved {len(escalation.apply_deadlines(declaration.pk, actor=head)[0])}"
        except (NotPossible, Stale) as refused:
            return type(refused).__name__

    return at_once(work, threads=2)


def test_applying_and_resolving_at_once_leaves_one_verdict_by_one_due_time() -> None:
    for nth in range(4):
        start = scenes.MONDAY + timedelta(minutes=2 * nth)
        with set_clock(start):
            declaration = SCENE.handled()
        with set_clock(start + timedelta(minutes=1)):
            tuesday_off()
            done = resolved_and_moved_at_once(declaration)
            set_calendar_day(default_calendar(), date(2026, 11, 24), None, actor=SYSTEM, version=None)
        declaration.refresh_from_db()
        clock = Clock.objects.get(pk=declaration.resolution_clock_id)
        assert done[0] == "resolved"
        assert (clock.met, declaration.due_at) == (True, clock.due_at)
        stop = clock.events.get(kind="stop")
        assert stop.data["due_at"][:16] == clock.due_at.isoformat()[:16]
        assert (clock.events.filter(kind="retarget").count() == 1) is (done[1] == "moved 1")


def test_a_run_that_is_killed_and_carried_on_by_two_moves_every_record_once(monkeypatch: pytest.MonkeyPatch) -> None:
    declarations = [SCENE.in_progress() for _each in range(6)]
    tuesday_off()
    begun = escalation.begin_recount(actor=staff(HEAD))
    real = escalation.deadlines._note

    def dies(recount_id: int, declaration_id: int, moved: int) -> None:
        if declaration_id == declarations[2].pk:
            os._exit(9)
        real(recount_id, declaration_id, moved)

    with monkeypatch.context() as patch:
        patch.setattr(escalation.deadlines, "_note", dies)
        killed_in_the_middle(lambda: escalation.carry_on(begun.pk))
    at_once(lambda _number: escalation.carry_on_recounts(), threads=2)
    begun.refresh_from_db()
    assert begun.finished_at is not None
    assert Entry.objects.filter(action="apply_deadlines").count() == len(declarations)
    assert all(
        Clock.objects.get(pk=each.resolution_clock_id).due_at == each.due_at + timedelta(days=1)
        for each in declarations
    )
