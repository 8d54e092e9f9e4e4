"""Whatever people do in whatever order, as long as it is allowed: what always holds, still holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from base.clock import set_clock
from escalation import actions as escalation
from incidents.access import next_steps
from incidents.models import END_STATES, Declaration
from ledger.exceptions import Refused
from ledger.verification import compare, verify
from sla.history import replay
from tests import scenes
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, XU_SALES, ZHENG_CUSTODIAN, staff
from tests.incidents.shown import kept, told_by_clocks
from tests.verbs import USES

pytestmark = [pytest.mark.django_db, pytest.mark.walks, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
PEOPLE = (LIU_DESK, CHEN_HEAD, HE_RISK, XU_SALES, ZHENG_CUSTODIAN)
# Where the record would end at once the walk would be over before it began.
RARE = ("withdraw", "screen_as_invalid")
STEPS = 12
CLOCKS = ("response_clock", "resolution_clock", "relay_clock")

walks = settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    # A failing walk is told as it was: making it shorter takes minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def legal(declaration: Declaration) -> list[tuple[str, str]]:
    """Each verb that somebody may use now, with that person."""
    found: dict[str, str] = {}
    for number in PEOPLE:
        for step in next_steps(staff(number), declaration):
            if step.possible and step.verb in USES:
                found.setdefault(step.verb, number)
    return sorted(found.items())


def act(declaration: Declaration, verb: str, by: str) -> str:
    """Whether it was done, or what was said against it."""
    use = USES[verb]
    try:
        with transaction.atomic():
            use.action(declaration.pk, version=_seen(declaration, verb), actor=staff(by), **use.values(SCENE))
    except Refused as refusal:
        return refusal.code
    except Declaration.DoesNotExist:
        return "invisible"
    return "done"


def _seen(declaration: Declaration, verb: str) -> int | None:
    """The version that a form of this verb shows; decisions go by that of the request."""
    if verb not in ("decide_escalation", "countersign"):
        return declaration.version
    request = declaration.escalationrequest_rows.last()
    return request.version if request else None


def hold(number: str, declaration: Declaration) -> None:
    """What holds after every step."""
    assert declaration.number == number
    assert declaration.waiting_rows.filter(ended_at=None).count() == (declaration.state == "waiting_customer")
    for name in CLOCKS:
        clock = getattr(declaration, name)
        if clock is not None:
            told = replay(clock)
            assert (told.due_at, told.stopped_at, told.met) == (clock.due_at, clock.stopped_at, clock.met)
    assert kept(declaration) == told_by_clocks(declaration)
    if declaration.due_at is not None:
        assert declaration.due_at == declaration.resolution_clock.due_at
    if declaration.state in ("resolved", "closed", "filed"):
        assert declaration.resolved_at is not None
    if declaration.state in END_STATES:
        clocks = [getattr(declaration, name) for name in CLOCKS]
        assert not [clock for clock in clocks if clock and not clock.has_ended]
    open_requests = declaration.escalationrequest_rows.exclude(state__in=["countersigned", "lapsed"]).count()
    assert open_requests == (declaration.escalation_state in ("requested", "decided", "objected"))
    standing = [problem.number for problem in declaration.problems.filter(withdrawn_at=None)]
    assert standing == list(filter(None, [declaration.problem_number]))
    assert list(verify([declaration.stream])) == []
    assert compare(declaration) is None


def undone(walk: Callable[[], None]) -> None:
    """One example, of which nothing is left for the next."""
    with transaction.atomic():
        walk()
        transaction.set_rollback(True)


@walks
@given(data=st.data())
def test_what_always_holds_holds_after_every_legal_step(data: Any) -> None:
    def walk() -> None:
        at = scenes.MONDAY
        declaration = data.draw(st.sampled_from([SCENE.relayed, SCENE.accepted, SCENE.looked_up, SCENE.handled]))()
        number = declaration.number
        for _ in range(STEPS):
            choices = legal(declaration)
            if not choices:
                break
            usual = [choice for choice in choices if choice[0] not in RARE]
            verb, by = data.draw(st.sampled_from(usual or choices))
            at += timedelta(minutes=data.draw(st.integers(0, 600)))
            with set_clock(at):
                if data.draw(st.booleans()):
                    escalation.sweep()
                before = Declaration.objects.get(pk=declaration.pk)
                word = act(before, verb, by)
                declaration = Declaration.objects.get(pk=declaration.pk)
                # What is allowed is done, unless the values that everybody gives do not fit this record.
                assert word in ("done", "invalid", "not_permitted", "not_possible"), (verb, by)
                assert (declaration.version > before.version) == (word == "done" and verb != "add_annex"), (verb, word)
                hold(number, declaration)

    undone(walk)


@walks
@given(order=st.permutations(sorted(USES)))
def test_no_order_of_verbs_ends_in_a_fault(order: list[str]) -> None:
    """Every verb is tried whether it is legal or not: it is done or refused, and the record stays whole."""

    def walk() -> None:
        declaration = SCENE.accepted()
        for verb in order[:20]:
            by = USES[verb].actor(SCENE)
            before = Declaration.objects.get(pk=declaration.pk)
            word = act(before, verb, by)
            after = Declaration.objects.get(pk=declaration.pk)
            if word != "done":
                assert after.version == before.version
        hold(declaration.number, Declaration.objects.get(pk=declaration.pk))

    undone(walk)
