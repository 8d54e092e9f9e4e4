"""The next step as a column is the next step as it is worked out for one record, on rows of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.actors import Held
from accounts.models import Role
from base.clock import now, set_clock
from desk.next_step import is_answer_awaited, next_verb
from desk.queries import turns
from incidents.access import next_steps
from incidents.models import OPEN_STATES, Channel, Declaration, EscalationState, State, Type
from procedure.queries import in_force, rules
from record_form.verbs import PROMPTS
from tests import scenes
from tests.firm import (
    CHEN_HEAD,
    DU_TELECOM_F,
    GAO_MANAGEMENT,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    SUN_DESK,
    TELECOM_F,
    WANG_DESK,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    ZHOU_HEAD,
    person,
    staff,
)

pytestmark = pytest.mark.django_db
ROWS = 1500
READERS = (CHEN_HEAD, ZHOU_HEAD, WANG_DESK, LIU_DESK, SUN_DESK, ZHENG_CUSTODIAN, HE_RISK, XU_SALES, GAO_MANAGEMENT)
STATES = sorted(OPEN_STATES | {State.CLOSED})
NEVER = None


def odd_rows(chance: Random) -> None:
    """Open and closed rows whose columns were drawn, far more mixed than actions ever leave them."""
    people = [person(number).pk for number in READERS]
    scene = scenes.Scene().screened()
    other = scenes.Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=DU_TELECOM_F).screened()
    columns = drawn(people, other)
    Declaration.objects.bulk_create(
        _odd(chance.choice([scene, other]), index, columns, chance) for index in range(ROWS)
    )


def _odd(like: Declaration, index: int, columns: dict[str, list[Any]], chance: Random) -> Declaration:
    same = {
        field.attname: getattr(like, field.attname)
        for field in like._meta.concrete_fields
        if field.attname not in ("id", "idempotency_key") and not field.attname.endswith("_clock_id")
    }
    values = {**same, **{name: chance.choice(some) for name, some in columns.items()}, "number": f"SD-20261101-{index}"}
    if values["state"] in (State.RESOLVED, State.CLOSED):
        values["resolved_at"] = chance.choice(moments()) or now()
    return Declaration(**values)


def moments() -> list[Any]:
    return [NEVER, NEVER, *(now() - timedelta(minutes=minutes) for minutes in (0, 1, 89, 90, 400, 3000, 9000))]


def drawn(people: list[int], other: Declaration) -> dict[str, list[Any]]:
    """The columns that turns and guards look at, with what may stand in each."""
    times = {
        name: moments()
        for name in (
            *("first_response_at", "looked_up_at", "handled_at", "contract_notes_confirmed_at", "communicated_at"),
            *("confirmed_at", "customer_answered_at", "reported_at", "report_answered_at", "completion_asked_at"),
        )
    }
    return {
        "state": STATES,
        **times,
        "due_at": [NEVER, now(), now() + timedelta(hours=1), *moments()],
        "type": [Type.INCIDENT, Type.INCIDENT, Type.SERVICE_REQUEST, Type.COMPLAINT, Type.OUT_OF_SCOPE_SERVICE],
        "channel": [Channel.PHONE, Channel.MONITORING],
        "contact_id": [NEVER, other.contact_id],
        "caller_phone": ["", "13900000000"],
        "contact_means": ["", "chat"],
        "escalation_state": list(EscalationState.values),
        "escalation_climbed": [False, True],
        "restricted": [False, False, False, True],
        "clock_stands": [False, False, True],
        "priority": [NEVER, 1, 2, 3, 4],
        "plan": ["", "先停批次"],
        "contract_notes_due": [False, True],
        "written_confirmation_due": [False, True],
        "confirmed_in_writing": [False, True],
        "confirmation_authorised": [NEVER, False, True],
        "unauthorised_confirmation_reason": ["", "负责人出差"],
        "unanswered_attempts": [0, 2, 3],
        "breach_reason": ["", "等备件"],
        "head_agrees": [NEVER, False, True],
        "risk_control_agrees": [NEVER, False, True],
        "handler_id": [NEVER, *people],
        "receiver_id": [NEVER, *people],
        "relayed_by_id": [NEVER, *people],
    }


@pytest.fixture(scope="module")
def odd(firm: None) -> Iterator[None]:
    with transaction.atomic(), set_clock(scenes.MONDAY):
        odd_rows(Random(20261123))
        yield
        transaction.set_rollback(True)


def said_of_each(actor: Any) -> dict[int, str]:
    return {row.pk: of_one(actor, row) for row in Declaration.objects.all()}


def of_one(actor: Any, row: Declaration) -> str:
    step = next_verb(row, next_steps(actor, row))
    if step is None or is_answer_awaited(step.verb):
        return ""
    own = {actor.user.pk, *(held.on_behalf_of.pk for held in actor.grants if held.on_behalf_of)}
    return turns.ELSEWHERE if PROMPTS[step.verb].of_handler and row.handler_id not in {None, *own} else step.verb


def said_by_the_database(actor: Any) -> dict[int, str]:
    turn = turns.next_verb_of(actor, [turns.Terms.of(rules(in_force(now().date()).pk))])
    sql, values = Declaration.objects.annotate(turn=turn).values_list("pk", "turn").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, turns.filled(values, now()))
        return dict(cursor.fetchall())


@pytest.mark.parametrize("number", READERS)
def test_column_and_code_name_the_same_next_step(odd: None, number: str) -> None:
    with set_clock(scenes.MONDAY):
        actor = staff(number)
        wanted, found = said_of_each(actor), said_by_the_database(actor)
    assert {pk: (wanted[pk], found[pk]) for pk in wanted if wanted[pk] != found[pk]} == {}


def test_so_it_is_for_a_deputy(odd: None) -> None:
    lent = [
        Held(Role.DEPARTMENT_HEAD, person(CHEN_HEAD).department_id, on_behalf_of=person(CHEN_HEAD)),
        Held(Role.COMPLAINT_OWNER, on_behalf_of=person(XU_SALES)),
    ]
    with set_clock(scenes.MONDAY):
        actor = replace(staff(ZHENG_CUSTODIAN), grants=(*staff(ZHENG_CUSTODIAN).grants, *lent))
        assert said_by_the_database(actor) == said_of_each(actor)


def test_every_turn_that_is_a_duty_is_somebodys_on_these_rows(odd: None) -> None:
    with set_clock(scenes.MONDAY):
        found = {verb for number in READERS for verb in said_by_the_database(staff(number)).values()}
    assert found == {"", turns.ELSEWHERE, *PROMPTS} - {"resume", "confirm"}


def test_a_guard_that_the_column_forgot_would_be_seen(odd: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PLANNED", turns.Q())
    with set_clock(scenes.MONDAY):
        actor = staff(LIU_DESK)
        assert said_by_the_database(actor) != said_of_each(actor)
