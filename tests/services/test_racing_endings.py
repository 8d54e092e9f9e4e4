"""Steps that exclude each other and come at the same moment: one goes through, the other is told why not.

Both are made to meet after they were judged and before they write, if they can. What keeps them apart is the lock of
the record, taken before anything is judged, and behind it the version in every UPDATE. In the twin both are taken away,
and what must not happen is seen to happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Barrier, BrokenBarrierError
from time import sleep
from typing import Any

import pytest
from django.db import DatabaseError

from base.clock import set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.access import require_possible
from incidents.models import Declaration
from ledger.exceptions import Refused
from ledger.verification import compare, verify
from record_form import actions as record_form
from sla.history import ClockError
from tests import scenes
from tests.firm import LIU_DESK, ZHENG_CUSTODIAN, open_firm, staff
from tests.services.racing import at_once, on_a_server, without_lock_and_version

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]
SCENE = scenes.Scene()
ROUNDS = 3
MEETING = 0.3


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with set_clock(scenes.MONDAY):
        open_firm()
        yield


@dataclass(frozen=True)
class Side:
    """One step of a race: who takes it, with which values."""

    action: Callable[..., Any]
    values: dict[str, Any] = field(default_factory=dict)
    by: str = LIU_DESK


@dataclass(frozen=True)
class Race:
    """Two steps on one record, and every pair of outcomes that is right; the winner is whoever gets the lock."""

    made: Callable[[], Declaration]
    sides: tuple[Side, Side]
    right: tuple[tuple[str, str], ...] = (("done", "409"), ("409", "done"))

    def run(self, declaration: Declaration) -> tuple[tuple[str, ...], Declaration]:
        """What the two came to, and the record afterwards."""
        actors = [staff(side.by) for side in self.sides]

        def act(number: int) -> str:
            side = self.sides[number]
            try:
                side.action(declaration.pk, version=None, actor=actors[number], **side.values)
            except Refused as refused:
                return str(refused.status)
            except Declaration.DoesNotExist:
                return "404"
            except (DatabaseError, ClockError):
                return "fault"
            return "done"

        return tuple(at_once(act, threads=2)), Declaration.objects.get(pk=declaration.pk)


def solve(declaration_id: int, **options: Any) -> Declaration:
    return actions.resolve(declaration_id, **options, **SCENE.solution())


CLOSE = Side(actions.close)
RACES = {
    "close, ask for a problem": Race(
        SCENE.confirmed, (CLOSE, Side(escalation.request_escalation, {"reason": "疑似设备问题"}))
    ),
    "close, hear that it is not solved": Race(
        SCENE.confirmed, (CLOSE, Side(actions.reject, {"reason": "仍漏一页", "way": "phone"}))
    ),
    "close twice": Race(SCENE.confirmed, (CLOSE, CLOSE)),
    "reopen twice": Race(
        SCENE.closed, (Side(actions.reopen, {"reason": "又漏装"}), Side(actions.reopen, {"reason": "客户来电"}))
    ),
    "reopen, file": Race(
        SCENE.closed,
        (
            Side(actions.reopen, {"reason": "又漏装"}),
            Side(record_form.file, {"paper_place": "A-01"}, by=ZHENG_CUSTODIAN),
        ),
        # The custodian does not see what is open again.
        right=(("done", "404"), ("409", "done")),
    ),
    "solve, withdraw": Race(
        SCENE.handled,
        (Side(solve), Side(escalation.withdraw, {"who": "唐若宁", "how": "电话"})),
        # What is solved may still be withdrawn; what is withdrawn is not solved any more.
        right=(("done", "done"), ("409", "done")),
    ),
}


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """After `meet()`, the next two steps wait for each other once they were judged; not for long, if one is locked.

    Whoever solves writes last.
    """

    def next_two() -> None:
        barrier = Barrier(2)

        def judged(declaration: Declaration, verb: str) -> None:
            require_possible(declaration, verb)
            try:
                barrier.wait(MEETING)
            except BrokenBarrierError:
                return
            if verb == "resolve":
                sleep(MEETING)

        monkeypatch.setattr("incidents.actions.steps.require_possible", judged)

    return next_two


@pytest.mark.parametrize("name", RACES)
def test_one_goes_through_and_the_other_is_told(name: str, meet: Callable[[], None]) -> None:
    race = RACES[name]
    prepared = [race.made() for _ in range(ROUNDS)]
    for made in prepared:
        meet()
        outcomes, declaration = race.run(made)
        assert outcomes in race.right
        assert compare(declaration) is None
    assert list(verify()) == []


@pytest.mark.parametrize("name", RACES)
def test_without_lock_and_version_both_would_go_through_or_one_fail_unheard(
    name: str, meet: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    race = RACES[name]
    made = race.made()
    without_lock_and_version(monkeypatch)
    meet()
    outcomes, declaration = race.run(made)
    solved_after_all = declaration.withdrawn_at is not None and declaration.state != "withdrawn"
    assert outcomes not in race.right or solved_after_all
