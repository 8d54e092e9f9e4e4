"""A row that was written twice or by mistake is struck out: it stays readable, and counts for nothing."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit.facts import FACTS
from base.clock import now, set_clock
from incidents import actions
from incidents.models import Declaration, Part
from knowledge.queries import version_for_adoption
from ledger.exceptions import Stale
from ledger.models import Entry
from ledger.verification import compare
from record_form.queries import compose
from tests import scenes
from tests.firm import LIU_DESK, WANG_DESK, contact, person, staff
from tests.incidents.refusals import errors, fresh, refused
from tests.verbs.example import SCAN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
LATER = scenes.MONDAY + timedelta(days=3)


def name(row: Part | None) -> str:
    assert row is not None
    return f"{row._meta.model_name}:{row.pk}"


def strike(declaration: Declaration, row: Part | None, by: str = LIU_DESK, reason: str = "记了两遍") -> Declaration:
    with set_clock(LATER):
        return SCENE.do(actions.strike_out, declaration, by, row=name(row), reason=reason)


def why_not(declaration: Declaration, row: Part | None) -> str:
    with set_clock(LATER):
        refusal = refused(actions.strike_out, declaration, row=name(row), reason="记了两遍")
    assert refusal.status == 409, refusal
    return str(refusal)


def later(declaration: Declaration, action: Any, minutes: int, **values: Any) -> Declaration:
    with set_clock(now() + timedelta(minutes=minutes)):
        return SCENE.do(action, declaration, LIU_DESK, **values)


def step(declaration: Declaration) -> Declaration:
    return SCENE.do(actions.log_handling, declaration, LIU_DESK, what="补寄凭证", result="已寄")


def say(declaration: Declaration, minutes: int = 1, **values: Any) -> Declaration:
    return later(declaration, actions.communicate, minutes, **{"way": "phone", "text": "进展通报", **values})


def test_a_row_that_is_struck_out_keeps_its_words_with_who_when_and_why() -> None:
    declaration = step(step(SCENE.in_progress()))
    twice = declaration.handlingstep_rows.last()
    declaration = strike(declaration, twice)
    row = declaration.handlingstep_rows.get(pk=twice.pk)
    assert (row.what, row.voided_at, row.voided_by, row.void_reason) == (
        "补寄凭证",
        LATER,
        person(LIU_DESK),
        "记了两遍",
    )
    entry = Entry.objects.filter(stream=declaration.stream).latest("sequence")
    assert (entry.action, entry.clause) == ("strike_out", "5.4.4")
    assert compare(fresh(declaration)) is None


def test_it_is_struck_out_once_and_with_a_reason() -> None:
    declaration = step(step(SCENE.in_progress()))
    twice = declaration.handlingstep_rows.last()
    assert set(errors(refused(actions.strike_out, declaration, row=name(twice), reason=" "))) == {"reason"}
    declaration = strike(declaration, twice)
    assert "already" in why_not(declaration, twice)


@pytest.mark.parametrize(
    "row", ["", "handlingstep", "handlingstep:", "handlingstep:0", "declaration:1", "visit:９", "x" * 60]
)
def test_what_is_no_row_of_the_record_is_not_struck_out(row: str) -> None:
    refusal = refused(actions.strike_out, SCENE.in_progress(), row=row, reason="记了两遍")
    assert set(errors(refusal)) == {"row"}


def test_the_row_of_another_record_is_not_struck_out() -> None:
    other = step(SCENE.in_progress())
    refusal = refused(
        actions.strike_out, SCENE.in_progress(), row=name(other.handlingstep_rows.last()), reason="记了两遍"
    )
    assert set(errors(refusal)) == {"row"}


def test_of_two_at_once_one_strikes_it_out() -> None:
    declaration = step(step(SCENE.in_progress()))
    twice = declaration.handlingstep_rows.last()
    strike(declaration, twice)
    with pytest.raises(Stale):
        actions.strike_out(
            declaration.pk, version=declaration.version, actor=staff(LIU_DESK), row=name(twice), reason="记了两遍"
        )


def test_whoever_does_not_handle_it_strikes_nothing_out() -> None:
    declaration = step(SCENE.in_progress())
    values = {"row": name(declaration.handlingstep_rows.last()), "reason": "x"}
    assert refused(actions.strike_out, declaration, WANG_DESK, **values).status == 403


def test_after_closing_nothing_is_struck_out() -> None:
    closed = SCENE.closed()
    assert "annex" in why_not(closed, closed.handlingstep_rows.last())


def test_nothing_of_a_filed_record_is_struck_out_in_the_database_either() -> None:
    row = SCENE.filed().handlingstep_rows.last()
    with pytest.raises(DatabaseError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(voided_at=now(), void_reason="x")


def test_the_only_step_of_a_record_in_progress_counts_no_more() -> None:
    declaration = SCENE.handled()
    declaration = strike(declaration, declaration.handlingstep_rows.get())
    assert declaration.handled_at is None
    assert refused(actions.resolve, declaration, **SCENE.solution()).status == 409


def test_the_only_step_of_a_solution_stays() -> None:
    resolved = SCENE.resolved()
    assert "solved on this step" in why_not(resolved, resolved.handlingstep_rows.get())


def test_the_look_up_on_which_handling_began_stays_and_its_double_goes() -> None:
    declaration = SCENE.looked_up()
    declaration = SCENE.do(
        actions.look_up, declaration, LIU_DESK, query="漏装", article=version_for_adoption(staff(LIU_DESK), "KB-002")
    )
    assert declaration.article_code == "KB-002"
    first, second = declaration.knowledgelookup_rows.all()
    declaration = SCENE.do(actions.start, declaration, LIU_DESK)
    declaration = strike(declaration, second)
    assert (declaration.article_code, declaration.looked_up_at) == ("", first.at)
    assert "Handling began" in why_not(declaration, first)


def test_before_the_start_the_only_look_up_goes_and_the_guard_holds_again() -> None:
    declaration = SCENE.looked_up()
    declaration = strike(declaration, declaration.knowledgelookup_rows.get())
    assert declaration.looked_up_at is None
    assert refused(actions.start, declaration).status == 409


def test_a_contact_that_is_struck_out_no_longer_keeps_the_customer_informed() -> None:
    declaration = SCENE.in_progress()
    heard = declaration.communicated_at
    declaration = say(declaration, 30)
    assert declaration.communicated_at != heard
    declaration = strike(declaration, declaration.communication_rows.last())
    assert declaration.communicated_at == declaration.first_response_at


def test_an_attempt_that_is_struck_out_is_none() -> None:
    declaration = say(say(SCENE.resolved(), 60, reached=False), 60 * 30, reached=False)
    assert declaration.unanswered_attempts == 2
    first = declaration.communication_rows.filter(reached=False).first()
    declaration = strike(declaration, first)
    assert declaration.unanswered_attempts == 1
    assert declaration.first_attempt_at == declaration.communication_rows.filter(reached=False).last().at


def test_the_first_response_stays() -> None:
    declaration = SCENE.accepted()
    assert "first response" in why_not(declaration, declaration.communication_rows.get()).lower()


def test_the_words_that_told_the_solution_stay() -> None:
    declaration = SCENE.resolved()
    told = declaration.communication_rows.get(at=declaration.resolved_at, is_first_response=False)
    assert "solution was told" in why_not(declaration, told)


def test_what_was_asked_of_the_customer_stays() -> None:
    waiting = SCENE.waiting()
    asked = waiting.communication_rows.get(text="批次号")
    assert "awaited" in why_not(waiting, asked)


def test_the_answer_to_a_request_stays() -> None:
    declaration = SCENE.request_in_progress()
    answer = declaration.communication_rows.get(at=declaration.customer_answered_at, text="已同意")
    assert "answer to the request" in why_not(declaration, answer)


def test_a_visit_that_is_struck_out_waits_for_no_departure() -> None:
    visit = {"who": ["刘思远"], "place": "清分中心", "arrival": now() - timedelta(hours=1)}
    declaration = SCENE.do(actions.record_visit, SCENE.in_progress(), LIU_DESK, **visit)
    declaration = SCENE.do(actions.record_visit, declaration, LIU_DESK, **visit)
    assert declaration.visits_open == 2
    declaration = strike(declaration, declaration.visit_rows.last())
    assert declaration.visits_open == 1
    with set_clock(LATER):
        declaration = SCENE.do(actions.record_departure, declaration, LIU_DESK, departure=LATER)
    assert declaration.visits_open == 0


def test_the_signed_confirmation_and_the_only_original_stay() -> None:
    scan = actions.Upload("确认函.pdf", BytesIO(SCAN), "application/pdf")
    signed = {"contact": contact(SCENE.contact), "way": "signed_scan", "scan": scan}
    declaration = SCENE.do(actions.confirm, SCENE.resolved(), LIU_DESK, **signed)
    assert "confirmation" in why_not(declaration, declaration.attachment_rows.get())
    mailed = actions.accept(SCENE.call(channel="email"), actor=staff(LIU_DESK))
    assert "came in as this file" in why_not(mailed, mailed.attachment_rows.get())


def test_the_form_and_the_auditor_count_what_stands() -> None:
    declaration = step(step(SCENE.in_progress()))
    both = compose(declaration).row(34)
    declaration = strike(declaration, declaration.handlingstep_rows.last())
    assert (len(both.cells), len(compose(declaration).row(34).cells)) == (2, 1)
    assert "1 handling step" in FACTS["5.4.4"](declaration)
