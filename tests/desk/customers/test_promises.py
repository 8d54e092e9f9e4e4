"""What the page of a customer shows as promised: answers, news and solutions, each until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from base.clock import now, set_clock
from desk.customers.promises import SHOWN, promises_of
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration
from tests.desk.customers.conftest import customer
from tests.firm import CHEN_HEAD, LIU_DESK, SUN_DESK, TANG_BANK_B, WANG_DESK, client_of, contact, person, staff
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
SCENE = Scene()


def promised(by: str = LIU_DESK) -> list[tuple[str, str, object]]:
    found = promises_of(staff(by), customer(), now())
    return [(each.declaration.number, each.words, each.at) for each in found.rows]


def promise_anew(record: Declaration, hours: int = 5, **changes: object) -> Declaration:
    """A new expected time, told to the contact by telephone."""
    told = {"contacts": [contact(TANG_BANK_B)], "letter": "改为今日下午", "way": "phone", **changes}
    told["expected_at"] = now() + timedelta(hours=hours)
    return SCENE.do(escalation.warn, record, LIU_DESK, kind="trend", reason="缺件", **told)


def test_a_call_that_nobody_has_answered_promises_a_first_response():
    made = actions.accept(SCENE.call(), actor=staff(LIU_DESK))
    assert made.response_clock is not None
    assert promised() == [(made.number, "First response", made.response_clock.due_at)]


def test_an_incident_promises_its_solution_and_the_next_news():
    made = SCENE.in_progress("severe", "high")
    last = made.communicated_at or made.received_at
    assert promised() == [
        (made.number, "Next news", last + timedelta(hours=2)),
        (made.number, "Solution", made.due_at),
    ]


def test_a_new_time_counts_in_place_of_the_agreed_one_once_the_customer_was_told():
    made = SCENE.in_progress()
    promise_anew(made, hours=5)
    promise_anew(made, hours=7)
    promise_anew(made, hours=9, contacts=(), letter="", staff=[person(CHEN_HEAD)])
    assert (made.number, "Solution, by the new time that was told", now() + timedelta(hours=7)) in promised()
    assert not any(words == "Solution" for _number, words, _at in promised())


def test_an_accepted_request_owes_its_answer():
    made = SCENE.do(actions.accept_request, SCENE.opined(), SCENE.head, reason="一致")
    assert promised() == [(made.number, "Answer to the service request", None)]


@pytest.mark.parametrize("state", ["resolved", "closed", "filed", "withdrawn", "invalid"])
def test_what_is_solved_or_ended_promises_nothing_more(state):
    SCENE.at(state)
    assert promised() == []


def test_the_first_by_time_stand_there_and_what_is_late_says_so():
    first = SCENE.in_progress()
    for _time in range(SHOWN):
        SCENE.in_progress()
    with set_clock(first.due_at + timedelta(hours=1)):
        found = promises_of(staff(LIU_DESK), customer(), now())
        assert (len(found.rows), found.more > 0) == (SHOWN, True)
        assert all(each.is_late for each in found.rows)
        assert [each.at for each in found.rows] == sorted(each.at for each in found.rows)
        answer = client_of(LIU_DESK).get(reverse("customer", args=[customer().pk]))
    assert "promise-time red" in answer.content.decode()


def test_nobody_reads_the_promises_of_a_record_that_is_not_theirs_to_see():
    made = SCENE.accepted(restricted=True)
    Declaration.objects.filter(pk=made.pk).update(due_at=now() + timedelta(hours=1))
    assert len(promised(LIU_DESK)) == len(promised(CHEN_HEAD)) == 1
    assert promised(WANG_DESK) == promised(SUN_DESK) == []
