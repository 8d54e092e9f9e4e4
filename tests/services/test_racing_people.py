"""People who do the same thing at the same moment: numbers stay gapless, one decides, nobody is left without a word.

Each fence has a twin of its test in which the fence is taken away and the fault is seen.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import Delegation
from base.clock import now, set_clock
from escalation import actions as escalation
from escalation.models import Decision, Problem
from incidents import actions
from incidents.models import DayCounter, Declaration
from ledger.exceptions import NotPossible, Stale
from ledger.models import Entry
from ledger.verification import compare, verify
from tests import scenes
from tests.firm import (
    CHEN_HEAD,
    GAO_MANAGEMENT,
    HE_RISK,
    LIU_DESK,
    SUN_DESK,
    WANG_DESK,
    WU_DESK,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    open_firm,
    person,
    staff,
)
from tests.services.racing import THREADS, at_once, on_a_server, without_lock_and_version

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]
CALLS = 200
SCENE = scenes.Scene()


class ChangedMind(Exception):
    """A call that is given up after it was taken."""


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with set_clock(scenes.MONDAY):
        open_firm()
        yield


# Numbers


def take_calls(calls: int, given_up: float) -> list[str]:
    """Eight people take calls at once and give up a share of them; what went wrong otherwise, by its name."""
    actor, call = staff(LIU_DESK), SCENE.call()

    def work(number: int) -> list[str]:
        chance, faults = random.Random(number), []
        for _ in range(calls // THREADS):
            try:
                with transaction.atomic():
                    actions.accept(call, actor=actor, answered_live=True)
                    if chance.random() < given_up:
                        raise ChangedMind
            except ChangedMind:
                continue
            except IntegrityError as error:
                faults.append(type(error).__name__)
        return faults

    return list(itertools.chain(*at_once(work)))


def is_gapless() -> bool:
    numbers = sorted(Declaration.objects.values_list("number", flat=True))
    return numbers == [f"SD-20261123-{position:03d}" for position in range(1, len(numbers) + 1)]


def test_of_200_calls_taken_at_once_no_number_is_missing_or_double() -> None:
    assert take_calls(CALLS, given_up=0.3) == []
    kept = Declaration.objects.count()
    assert 0.5 * CALLS < kept < 0.9 * CALLS
    assert is_gapless()
    assert DayCounter.objects.get(kind="SD").last == kept
    assert list(verify()) == []
    assert Entry.objects.filter(action="accept").count() == kept


def test_a_counter_outside_of_the_transaction_would_leave_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    running = itertools.count(1)
    monkeypatch.setattr(
        "incidents.actions.intake.next_number", lambda kind, day: f"{kind}-{day:%Y%m%d}-{next(running):03d}"
    )
    assert take_calls(40, given_up=0.3) == []
    assert not is_gapless()


def test_a_number_read_without_a_lock_would_be_taken_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def highest_and_one(kind: str, day: Any) -> str:
        last = Declaration.objects.aggregate(last=Max("number"))["last"] or f"{kind}-{day:%Y%m%d}-000"
        return f"{last[:-3]}{int(last[-3:]) + 1:03d}"

    monkeypatch.setattr("incidents.actions.intake.next_number", highest_and_one)
    assert "IntegrityError" in take_calls(80, given_up=0)


def test_one_button_pressed_eight_times_is_one_call() -> None:
    actor, call = staff(LIU_DESK), SCENE.call()
    taken = at_once(lambda _number: actions.accept(call, actor=actor, idempotency_key="pressed"), threads=16)
    assert len({each.pk for each in taken}) == 1
    assert sum(not each.is_repeat for each in taken) == 1
    assert Declaration.objects.count() == 1
    assert actions.accept(call, actor=actor).number == "SD-20261123-002"


def test_without_the_key_one_button_pressed_eight_times_is_eight_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.actions.intake.key_of", lambda actor, key: None)
    actor, call = staff(LIU_DESK), SCENE.call()
    taken = at_once(lambda _number: actions.accept(call, actor=actor, idempotency_key="pressed").pk)
    assert len(set(taken)) == THREADS


# Decisions

HEADS = [CHEN_HEAD, WANG_DESK, ZHAO_DESK, SUN_DESK, WU_DESK, ZHENG_CUSTODIAN, XU_SALES, GAO_MANAGEMENT]


def stand_in_for_the_head() -> None:
    for deputy in HEADS[1:]:
        Delegation.objects.create(
            role="department_head",
            from_user=person(CHEN_HEAD),
            to_user=person(deputy),
            starts_at=now() - timedelta(days=1),
            ends_at=now() + timedelta(days=1),
            reason="休假",
        )


def decide_at_once() -> list[tuple[str, str]]:
    """Of each of eight people the name, and what they heard: "won", who was faster, or the name of the fault."""
    stand_in_for_the_head()
    declaration = SCENE.requested()
    request = declaration.escalationrequest_rows.get()
    heads = [staff(number) for number in HEADS]

    def decide(number: int) -> tuple[str, str]:
        name = heads[number].user.name
        try:
            escalation.decide_escalation(
                declaration.pk,
                version=request.version,
                actor=heads[number],
                approved=number % 2 == 0,
                reason=f"决定 {number}",
            )
        except Stale as stale:
            return name, stale.changed_by
        except IntegrityError as error:
            return name, type(error).__name__
        return name, "won"

    return at_once(decide)


def test_of_eight_who_decide_one_escalation_one_wins_and_the_others_hear_who() -> None:
    heard = decide_at_once()
    [winner] = [name for name, word in heard if word == "won"]
    assert sorted(word for _name, word in heard) == sorted(["won"] + [winner] * (THREADS - 1))
    decision = Decision.objects.get()
    assert decision.by.name == winner
    assert Problem.objects.count() == decision.approved
    assert compare(Declaration.objects.get()) is None


def test_without_lock_and_version_several_would_decide_and_fail_unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    without_lock_and_version(monkeypatch)
    heard = [word for _name, word in decide_at_once()]
    assert heard.count("won") > 1 or "IntegrityError" in heard


# Closing


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except NotPossible as refusal:
        return str(refusal)
    return "done"


def both_at_once(first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    return at_once(lambda number: outcome((first, second)[number]), threads=2)


def test_closing_never_overtakes_a_decision() -> None:
    desk, head = staff(LIU_DESK), staff(CHEN_HEAD)
    for _ in range(5):
        declaration = SCENE.confirmed("severe", "medium")
        escalation.request_escalation(declaration.pk, version=None, actor=desk, reason="影响严重")
        decided, closed = both_at_once(
            lambda pk=declaration.pk: escalation.decide_escalation(
                pk, version=None, actor=head, approved=False, reason="已查明"
            ),
            lambda pk=declaration.pk: actions.close(pk, version=None, actor=desk),
        )
        assert decided == "done"
        assert closed in (
            "The escalation is undecided: wait for the head of department.",
            "Risk control has not countersigned the decision yet.",
        )
        assert Declaration.objects.get(pk=declaration.pk).state == "resolved"


def test_what_is_closed_was_countersigned_before() -> None:
    desk, risk_control = staff(LIU_DESK), staff(HE_RISK)
    for _ in range(5):
        declaration = SCENE.confirmed("severe", "medium")
        escalation.request_escalation(declaration.pk, version=None, actor=desk, reason="影响严重")
        escalation.decide_escalation(
            declaration.pk, version=None, actor=staff(CHEN_HEAD), approved=False, reason="已查明"
        )
        signed, closed = both_at_once(
            lambda pk=declaration.pk: escalation.countersign(
                pk, version=None, actor=risk_control, agrees=True, opinion="同意"
            ),
            lambda pk=declaration.pk: actions.close(pk, version=None, actor=desk),
        )
        assert signed == "done"
        assert closed in ("done", "Risk control has not countersigned the decision yet.")
        trail = list(
            Entry.objects.filter(stream=declaration.stream).order_by("sequence").values_list("action", flat=True)
        )
        assert trail[-2:] == ["countersign", "close"] if closed == "done" else trail[-1] == "countersign"
        assert compare(Declaration.objects.get(pk=declaration.pk)) is None


def test_two_solve_and_withdraw_one_record_and_one_of_them_is_told() -> None:
    declaration = SCENE.handled()
    desk, solution = staff(LIU_DESK), SCENE.solution()

    def act(number: int) -> str:
        try:
            if number:
                actions.resolve(declaration.pk, version=declaration.version, actor=desk, **solution)
            else:
                escalation.withdraw(declaration.pk, version=declaration.version, actor=desk, who="唐若宁", how="电话")
        except Stale as stale:
            return stale.changed_by
        return "done"

    assert sorted(at_once(act, threads=2)) == sorted(["done", desk.user.name])
