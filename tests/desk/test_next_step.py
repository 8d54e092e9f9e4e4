"""The one next step is pure: it follows from the row and from what the person may do."""

from __future__ import annotations

from typing import Any

import pytest

from base.clock import now
from desk.next_step import is_answer_awaited, next_verb, waits_for
from escalation.models import Problem
from incidents.access import NextStep, next_steps
from incidents.models import Declaration, State, moves
from ledger.exceptions import Reason
from record_form.verbs import PROMPTS
from tests.firm import LIU_DESK, staff

pytestmark = pytest.mark.django_db


def steps(*verbs: str, blocked: tuple[str, ...] = ()) -> list[NextStep]:
    return [
        NextStep(verb, moves()[verb].label, moves()[verb].clause, (Reason("not yet"),) if verb in blocked else ())
        for verb in verbs
    ]


def declaration(state: str, **values: Any) -> Declaration:
    made = Declaration(channel="phone", received_at=now(), first_response_at=now(), **values)
    made.__dict__["state"] = state
    return made


def test_every_turn_is_a_verb_of_the_machine() -> None:
    assert set(PROMPTS) <= set(moves())


def test_a_step_that_a_guard_holds_back_is_never_the_next_one() -> None:
    made = declaration(State.CLASSIFIED, looked_up_at=None)
    assert next_verb(made, steps("look_up", "start", blocked=("start",))).verb == "look_up"
    assert next_verb(made, steps("start", blocked=("start",))) is None


def test_nothing_is_next_in_the_end_states() -> None:
    for state in (State.FILED, State.INVALID, State.WITHDRAWN):
        assert next_verb(declaration(state), []) is None
        assert waits_for(declaration(state)) == ""


def test_who_gave_the_opinion_is_not_asked_again() -> None:
    made = declaration(State.REQUEST_REVIEW, head_agrees=True)
    head, risk_control = steps("give_opinion", "accept_request", blocked=("accept_request",)), steps("give_opinion")
    assert next_verb(made, head) is None
    assert next_verb(made, risk_control).verb == "give_opinion"


def test_a_head_who_disagrees_declines() -> None:
    made = declaration(State.REQUEST_REVIEW, head_agrees=False, risk_control_agrees=True)
    offered = steps("give_opinion", "accept_request", "decline_request", blocked=("accept_request",))
    assert next_verb(made, offered).verb == "decline_request"


def test_what_the_customer_has_to_say_is_an_awaited_answer() -> None:
    assert [verb for verb in PROMPTS if is_answer_awaited(verb)] == ["resume", "confirm"]


def test_the_whole_way_is_led_step_by_step(scene) -> None:
    walked = []
    for state in (State.ACCEPTED, State.SCREENED, State.CLASSIFIED, State.IN_PROGRESS, State.RESOLVED):
        made = scene.at(state)
        step = next_verb(made, next_steps(staff(LIU_DESK), made))
        walked.append(step.verb if step else None)
    assert walked == ["screen_as_incident", "classify", "start", "resolve", "close"]
    assert Problem.objects.count() == 0


def test_reasons_are_sentences(scene) -> None:
    made = scene.in_progress("severe", "high")
    assert all(turn.why_now(made) for turn in PROMPTS.values())
