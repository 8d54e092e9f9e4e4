"""Every role, in every state, with every verb: against the state table of the procedure."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django_fsm import has_transition_perm

from accounts.actors import SYSTEM, Actor
from base.clock import set_clock
from incidents.access import capacities, require_entitled, require_possible
from incidents.actions import working
from incidents.models import Declaration, State, moves
from ledger.exceptions import NotPermitted, NotPossible
from tests import scenes
from tests.firm import LIU_DESK, caller, staff
from tests.incidents.sight import Sight
from tests.incidents.table import ENDED, ROLES, STATES, TABLE

pytestmark = pytest.mark.django_db


class Reached(Exception):
    """The action's body was reached: entitled and possible."""


def outcome(judge: Callable[[Actor, Declaration, str], None], actor: Actor, declaration: Declaration, verb: str) -> str:
    """What the judge of an action says to this actor."""
    try:
        judge(actor, declaration, verb)
    except Declaration.DoesNotExist:
        return "invisible"
    except NotPermitted:
        return "not permitted"
    except NotPossible as refusal:
        return "held back" if refusal.reasons else "wrong state"
    return "allowed"


def by_rules(actor: Actor, declaration: Declaration, verb: str) -> None:
    """The two judgements that stand first in every action."""
    require_entitled(actor, declaration, verb)
    require_possible(declaration, verb)


def by_machine(actor: Actor, declaration: Declaration, verb: str) -> bool:
    """The library's own answer: this state, every guard, and the permission."""
    return has_transition_perm(getattr(declaration, verb), capacities(actor, declaration))


def by_action(actor: Actor, declaration: Declaration, verb: str) -> None:
    """The step in which every action works, left before it changes anything."""
    try:
        with transaction.atomic(), working(declaration.pk, verb, version=None, actor=actor):
            raise Reached
    except Reached:
        return


HANDLED_AND_OPEN = "classified in_progress waiting_customer resolved"
HANDLED = "classified in_progress waiting_customer resolved closed filed"


def expected(role: str, state: str, verb: str) -> set[str]:
    _who, standing, seen = ROLES[role]
    who, states = TABLE[verb]
    standings = set(standing.split())
    if role == "handler" and state not in HANDLED_AND_OPEN.split():
        standings.discard("handler")
    if state not in seen.split():
        standings &= {"staff"}
    if state != "relayed":
        standings.discard("relayer")
    if state not in f"closed {ENDED}".split():
        standings.discard("custodian")
    if role == "desk" and state in HANDLED.split():
        # Who classifies an incident handles it, until somebody else takes over.
        standings.add("handler")
    if role == "desk of another customer" or (role == "handler" and state not in HANDLED_AND_OPEN.split()):
        # A desk of the same department beside whoever handles it.
        standings |= {"colleague"} if state in HANDLED.split() else set()
    if standings.isdisjoint(who.split()):
        return {"not permitted"} if state in seen.split() else {"invisible"}
    return {"allowed", "held back"} if state in states.split() else {"wrong state"}


def actor_of(role: str) -> Actor:
    who = ROLES[role][0]
    return staff(who) if who.startswith("S") else caller(who)


def test_the_table_and_the_machine_name_the_same_verbs_states_and_people() -> None:
    names = {
        "desk": "service_desk",
        "head": "department_head",
    }
    written = {
        verb: ({names.get(who, who) for who in people.split()}, set(states.split()))
        for verb, (people, states) in TABLE.items()
    }
    coded = {
        verb: ({str(who) for who in move.by}, {str(state) for state in move.sources}) for verb, move in moves().items()
    }
    assert coded == written


def as_handler(declaration: Declaration, actor: Actor) -> Declaration:
    """The record as it would be if this person handled it."""
    if declaration.handler_id is not None and declaration.is_open:
        declaration.handler = actor.user
    return declaration


@pytest.mark.walks
@pytest.mark.parametrize("role", ROLES)
def test_every_verb_in_every_state(records: dict[str, Declaration], role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with set_clock(scenes.MONDAY):
        actor = actor_of(role)
        sight = Sight(actor)
        monkeypatch.setattr("incidents.access.steps.declarations", lambda _actor: sight)
        wrong = []
        for state, before in records.items():
            declaration = Declaration.objects.get(pk=before.pk)
            if role == "handler":
                declaration = as_handler(declaration, actor)
            for verb in TABLE:
                found = outcome(by_rules, actor, declaration, verb)
                assert (found == "allowed") == by_machine(actor, declaration, verb), (state, verb, found)
                if found not in expected(role, state, verb):
                    wrong.append(f"{state} {verb}: {found}, expected {expected(role, state, verb)}")
    assert wrong == []


@pytest.mark.walks
@pytest.mark.parametrize("role", ["desk", "head", "auditor", "contact", "desk of another department"])
def test_the_actions_judge_by_the_same_rules(records: dict[str, Declaration], role: str) -> None:
    with set_clock(scenes.MONDAY):
        actor = actor_of(role)
        for state in ("accepted", "in_progress", "resolved", "filed"):
            for verb in TABLE:
                found = outcome(by_action, actor, records[state], verb)
                assert found in expected(role, state, verb), (state, verb)


def test_the_system_accepts_and_joins_alarms_and_does_nothing_else(records: dict[str, Declaration]) -> None:
    for state, declaration in records.items():
        for verb, (who, _states) in TABLE.items():
            found = outcome(by_rules, SYSTEM, declaration, verb)
            assert (found == "not permitted") == ("system" not in who.split()), (state, verb, found)


def test_what_is_held_back_says_why_with_its_clause(records: dict[str, Declaration]) -> None:
    with set_clock(scenes.MONDAY):
        fresh = scenes.Scene().classified()
        with pytest.raises(NotPossible) as refusal, working(fresh.pk, "start", version=None, actor=staff(LIU_DESK)):
            pass
    assert [(str(reason.sentence), reason.clause) for reason in refusal.value.reasons] == [
        ("Consult the knowledge base before you start.", "5.4.4")
    ]


def test_every_state_but_the_start_is_in_the_table() -> None:
    assert set(STATES) == {str(state) for state in State} - {"new"}


def test_a_guard_that_time_has_met_since_it_was_asked_refuses_nothing(scene: scenes.Scene, monkeypatch) -> None:
    record = scene.in_progress()
    monkeypatch.setattr(
        "incidents.access.steps.can_proceed", lambda _method, check_conditions=True: not check_conditions
    )
    require_possible(record, "log_handling")
