"""What was typed wrong at intake is corrected: both texts stay, and what was counted by it is counted anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from audit.queries import obligatory_reasons, waiting_for_review
from base.clock import set_clock
from incidents import actions
from incidents.models import Declaration
from ledger.exceptions import Stale
from ledger.models import Entry
from ledger.queries import content
from ledger.verification import compare
from notifications.models import Notification
from record_form.queries import compose
from sla.replays import clock_faults
from sla.targets import Target
from tests import scenes
from tests.firm import (
    CHEN_HEAD,
    LIU_DESK,
    LUO_BANK_B,
    SHEN_BANK_A,
    TANG_BANK_B,
    WANG_DESK,
    contact,
    person,
    staff,
)
from tests.incidents.refusals import errors, fresh, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
REASON = "录音里说的是另一个"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+08:00")


def correct(declaration: Declaration, by: str = LIU_DESK, reason: str = REASON, **changes: Any) -> Declaration:
    return SCENE.do(actions.correct, declaration, by, reason=reason, changes=changes)


def wrong(declaration: Declaration, by: str = LIU_DESK, reason: str = REASON, **changes: Any) -> dict[str, str]:
    return errors(refused(actions.correct, declaration, by, reason=reason, changes=changes))


def facts(declaration: Declaration) -> list[dict[str, Any]]:
    """What the last entry tells of the clocks."""
    last = Entry.objects.filter(stream=declaration.stream).latest("sequence")
    assert last.action == "correct"
    clocks: list[dict[str, Any]] = content(last)["facts"].get("clocks", [])
    return clocks


def answered(received: str, given: str) -> Declaration:
    """Received and answered at these times of the Monday, entered at ten."""
    declaration = actions.accept(SCENE.call(received_at=at(received)), actor=staff(LIU_DESK))
    said = {"way": "phone", "text": "已受理", "responded_at": at(given)}
    return SCENE.do(actions.respond, declaration, LIU_DESK, **said)


def is_proven(declaration: Declaration) -> bool:
    """Whether the row is what its chain says, and its clocks what their events tell."""
    return compare(fresh(declaration)) is None and list(clock_faults()) == []


def test_a_correction_keeps_both_texts_with_reason_person_and_time() -> None:
    declaration = correct(SCENE.accepted(), subject="对帐单漏印", body="客户说漏印一页。")
    assert (declaration.subject, declaration.body) == ("对帐单漏印", "客户说漏印一页。")
    rows = {row.field: (row.before, row.after, row.reason, row.by) for row in declaration.correction_rows.all()}
    assert rows["subject"] == ("对账单漏装", "对帐单漏印", REASON, person(LIU_DESK))
    assert rows.keys() == {"subject", "body"}
    assert is_proven(declaration)


def test_the_entry_names_its_clause_and_both_texts() -> None:
    declaration = correct(SCENE.accepted(), subject="对帐单漏印")
    entry = Entry.objects.filter(stream=declaration.stream).latest("sequence")
    assert (entry.action, entry.clause, entry.actor_name) == ("correct", "5.4.1", person(LIU_DESK).name)
    assert content(entry)["fields"]["subject"] == ["对账单漏装", "对帐单漏印"]


def test_a_correction_has_its_reason_and_something_to_correct() -> None:
    declaration = SCENE.accepted()
    assert set(wrong(declaration, reason=" ", subject="对帐单漏印")) == {"reason"}
    assert set(wrong(declaration, subject="对账单漏装")) == {"subject"}
    assert set(wrong(declaration, subject=" ", body=" ")) == {"subject", "body"}


def test_the_same_correction_twice_is_refused_the_second_time() -> None:
    declaration = correct(SCENE.accepted(), subject="对帐单漏印")
    assert set(wrong(declaration, subject="对帐单漏印")) == {"subject"}


def test_of_two_at_once_the_second_sees_what_the_first_one_saved() -> None:
    declaration = SCENE.accepted()
    correct(declaration, subject="对帐单漏印")
    with pytest.raises(Stale):
        actions.correct(
            declaration.pk,
            version=declaration.version,
            actor=staff(LIU_DESK),
            reason=REASON,
            changes={"subject": "对账单漏页"},
        )


def test_whoever_neither_is_desk_nor_head_corrects_nothing() -> None:
    declaration = SCENE.accepted()
    assert refused(actions.correct, declaration, WANG_DESK, reason=REASON, changes={"subject": "x"}).status == 403


def test_a_closed_record_is_corrected_by_an_annex_alone() -> None:
    refusal = refused(actions.correct, SCENE.closed(), reason=REASON, changes={"subject": "对帐单漏印"})
    assert (refusal.status, "annex" in str(refusal)) == (409, True)


def test_who_called_is_put_right_with_the_means_that_the_register_knows() -> None:
    declaration = correct(SCENE.screened(), contact=contact(LUO_BANK_B), caller_name="罗")
    assert (declaration.contact, declaration.caller_name) == (contact(LUO_BANK_B), "罗")
    names = declaration.correction_rows.get(field="contact")
    assert (names.before, names.after) == (contact(TANG_BANK_B).name, contact(LUO_BANK_B).name)


def test_nobody_of_another_customer_and_nobody_at_all_is_no_caller() -> None:
    declaration = SCENE.screened()
    assert set(wrong(declaration, contact=contact(SHEN_BANK_A))) == {"contact"}
    assert set(wrong(declaration, contact=None)) == {"contact"}
    assert set(wrong(declaration, contact_means="")) == {"contact_means"}


def test_receipt_lies_neither_after_it_was_registered_nor_after_the_customer_was_spoken_to() -> None:
    declaration = answered("23T09:30:00", "23T09:34:00")
    with set_clock(at("23T11:00:00")):
        assert set(wrong(declaration, received_at=at("23T10:30:00"))) == {"received_at"}
        assert set(wrong(declaration, received_at=at("23T11:30:00"))) == {"received_at"}
        assert "09:34" in wrong(declaration, received_at=at("23T09:40:00"))["received_at"]
        assert set(wrong(declaration, received_at=None)) == {"received_at"}


def test_receipt_long_before_it_was_registered_has_a_reason() -> None:
    declaration = SCENE.accepted()
    assert set(wrong(declaration, received_at=at("20T09:00:00"))) == {"late_reason"}
    assert correct(declaration, received_at=at("20T09:00:00"), late_reason="周末转告").late_reason == "周末转告"


def test_receipt_outside_the_contract_leads_to_screening_anew() -> None:
    declaration = SCENE.screened()
    long_ago = datetime.fromisoformat("2020-01-02T10:00:00+08:00")
    assert set(wrong(declaration, received_at=long_ago, late_reason="补录")) == {"received_at"}


def test_every_clock_that_began_with_receipt_is_counted_from_the_right_one() -> None:
    declaration = SCENE.classified()
    response, due = declaration.response_clock, declaration.due_at
    declaration = correct(declaration, received_at=at("23T09:55:00"))
    assert due is not None
    assert declaration.due_at == due - timedelta(minutes=5)
    assert declaration.resolution_clock.due_at == declaration.due_at
    assert declaration.response_clock.started_at == at("23T09:55:00")
    assert declaration.response_clock.due_at == response.due_at - timedelta(minutes=5)
    assert is_proven(declaration)


def test_a_call_that_was_answered_in_person_was_answered_as_it_was_received() -> None:
    declaration = correct(SCENE.accepted(), received_at=at("23T09:20:00"))
    assert declaration.first_response_at == at("23T09:20:00")
    assert declaration.communication_rows.get().at == at("23T09:20:00")
    assert (declaration.response_clock.met, declaration.response_clock.stopped_at) == (True, at("23T09:20:00"))
    assert is_proven(declaration)


def test_an_earlier_receipt_makes_a_timely_response_a_missed_one_for_all_to_see() -> None:
    declaration = answered("23T09:30:00", "23T09:34:00")
    assert declaration.response_clock.met is True
    declaration = correct(declaration, received_at=at("23T09:20:00"))
    assert declaration.response_clock.met is False
    assert [(each["missed_before"], each["missed_after"]) for each in facts(declaration)] == [(False, True)]
    assert list(Notification.objects.filter(event="incident.recounted").values_list("recipient", flat=True)) == [
        f"staff:{person(CHEN_HEAD).pk}"
    ]
    assert is_proven(declaration)


def test_the_desk_does_not_make_its_own_miss_timely() -> None:
    declaration = answered("23T09:20:00", "23T09:34:00")
    assert declaration.response_clock.met is False
    assert "head of department" in wrong(declaration, received_at=at("23T09:32:00"))["received_at"]
    assert fresh(declaration).response_clock.met is False


def test_the_head_does_and_the_record_is_reviewed_for_it() -> None:
    declaration = correct(answered("23T09:20:00", "23T09:34:00"), CHEN_HEAD, received_at=at("23T09:32:00"))
    assert (declaration.response_clock.met, declaration.miss_corrected_at) == (True, scenes.MONDAY)
    assert [(each["missed_before"], each["missed_after"]) for each in facts(declaration)] == [(True, False)]
    assert "miss_corrected" in obligatory_reasons(declaration)
    declaration = SCENE.do(
        actions.screen_as_invalid, declaration, LIU_DESK, reason="not_service_related", caller_told=True
    )
    assert declaration in waiting_for_review()
    assert is_proven(declaration)


def test_the_verdict_that_was_given_first_stays_among_the_events() -> None:
    declaration = correct(answered("23T09:20:00", "23T09:34:00"), CHEN_HEAD, received_at=at("23T09:32:00"))
    given = [event.data["met"] for event in declaration.response_clock.events.all() if "met" in event.data]
    assert given == [False, True]


def test_another_channel_brings_its_own_time_of_response() -> None:
    declaration = answered("23T09:20:00", "23T09:34:00")
    assert set(wrong(declaration, channel="other")) == {"received_at"}
    declaration = correct(declaration, CHEN_HEAD, channel="other")
    assert (declaration.channel, declaration.response_clock.agreed) == ("other", Target(30, "minute", "working"))
    assert is_proven(declaration)


def test_a_letter_needs_what_a_letter_needs() -> None:
    declaration = SCENE.accepted()
    assert set(wrong(declaration, channel="letter")) == {"pages", "received_on", "no_file_reason"}
    declaration = correct(
        declaration, channel="letter", pages=2, received_on=at("23T10:00:00").date(), no_file_reason="原件已寄回"
    )
    assert (declaration.channel, declaration.pages) == ("letter", 2)


def test_an_own_finding_names_its_tool() -> None:
    assert set(wrong(SCENE.accepted(), channel="maintenance")) == {"source"}


def test_which_time_it_is_follows_the_receipt() -> None:
    with set_clock(at("23T09:00:00")):
        first = SCENE.classified()
    second = SCENE.classified()
    assert (first.repeat_ordinal, second.repeat_ordinal) == (1, 2)
    assert correct(second, received_at=at("23T08:50:00")).repeat_ordinal == 1


def test_the_form_shows_what_is_right_and_that_it_was_corrected() -> None:
    row = compose(correct(SCENE.accepted(), subject="对帐单漏印")).row(10)
    subject, mark = row.lines
    assert (subject, mark[0]["name_en"]) == ([{"text": "对帐单漏印"}], "corrected")
    assert compose(SCENE.accepted()).row(10).lines == [[{"text": "对账单漏装"}]]


def test_words_that_were_passed_on_stay_as_they_were_passed_on() -> None:
    declaration = correct(SCENE.request_review(), body="周末加派三人")
    assert (declaration.body, declaration.verbatim) == ("周末加派三人", "周末加派两人")
