"""What a correction or a note of the past would take from our duties: only the head may, and somebody reviews it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import Customer, Role, RoleGrant, User
from audit.queries import obligatory_reasons
from base.clock import now, set_clock
from incidents import actions
from incidents.access import sees_any
from incidents.models import Declaration, State, Watch
from ledger.exceptions import NotPossible
from notifications.actions import deliver_due
from notifications.models import Notification
from tests.firm import CHEN_HEAD, LIU_DESK, LUO_BANK_B, WANG_DESK, contact, person, staff
from tests.incidents.refusals import errors, fresh, refused
from tests.incidents.test_typing_mistakes import correct, is_proven, wrong
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = Scene()


def at(hour: int) -> datetime:
    return datetime.fromisoformat(f"2026-11-23T{hour:02}:00:00+08:00")


def third_of_three() -> Declaration:
    found = SCENE.accepted()
    for hour in (6, 7, 8):
        with set_clock(at(hour)):
            found = SCENE.in_progress("moderate", "low")
    assert (found.repeat_ordinal, found.escalation_state) == (3, "required")
    return found


def test_a_desk_cannot_correct_away_that_a_third_one_has_to_be_decided_on() -> None:
    third = third_of_three()
    assert set(wrong(third, received_at=at(5))) == {"received_at"}
    assert fresh(third).escalation_state == "required"


def test_the_head_can_and_it_is_reviewed() -> None:
    third = correct(third_of_three(), CHEN_HEAD, received_at=at(5))
    assert (third.repeat_ordinal, third.escalation_state) == (1, "")
    assert "miss_corrected" in obligatory_reasons(third)
    assert is_proven(third)


def stranger() -> Declaration:
    bank = Customer.objects.get(code=SCENE.customer)
    call = SCENE.call(contact=None, customer=bank, caller_name="钱女士", caller_phone="13900002999")
    return actions.accept(call, actor=staff(LIU_DESK))


def test_whoever_is_owed_an_answer_cannot_be_made_unreachable_by_a_desk() -> None:
    record = stranger()
    assert set(wrong(record, caller_phone="", contact_means="")) == {"caller_phone"}
    refusal = refused(actions.screen_as_invalid, record, reason="not_service_related", caller_told=True)
    assert isinstance(refusal, NotPossible)


def test_the_head_can_say_that_nobody_knows_the_number() -> None:
    record = correct(stranger(), CHEN_HEAD, caller_phone="", contact_means="")
    assert record.miss_corrected_at is not None


def test_whoever_was_answered_may_turn_out_to_be_unknown() -> None:
    record = SCENE.do(actions.respond, stranger(), LIU_DESK, way="phone", text="收到")
    assert correct(record, caller_phone="", contact_means="").miss_corrected_at is None


def test_a_means_of_contact_cannot_be_lost_by_a_detour() -> None:
    record = correct(SCENE.screened(), channel="monitoring", source="zabbix")
    record = correct(record, contact_means="")
    assert set(wrong(record, channel="phone")) == {"contact_means"}
    assert correct(record, channel="phone", contact_means="13900002001").channel == "phone"


def test_with_the_channel_goes_what_only_the_old_one_was_asked() -> None:
    letter = {"channel": "letter", "pages": 3, "received_on": now().date(), "sender_reference": "函2026"}
    record = actions.accept(SCENE.call(**letter, no_file_reason="当面念的"), actor=staff(LIU_DESK))
    record = correct(record, channel="phone")
    assert (record.pages, record.received_on, record.sender_reference, record.no_file_reason) == (None, None, "", "")
    both = {row.field: (row.before, row.after) for row in record.correction_rows.all()}
    assert both["sender_reference"] == ("函2026", "")
    assert set(wrong(record, pages=2)) == {"pages"}
    assert is_proven(record)


def test_a_means_that_is_named_with_the_contact_stays_as_it_is_named() -> None:
    record = SCENE.screened()
    means = record.contact_means
    record = correct(record, contact=contact(LUO_BANK_B), contact_means=means)
    assert (record.contact, record.contact_means) == (contact(LUO_BANK_B), means)


def test_lines_that_end_as_a_browser_sends_them_are_no_correction() -> None:
    record = SCENE.accepted(body="第一行\r\n第二行")
    assert set(wrong(record, body="第一行\n第二行")) == {"subject"}


def test_a_contact_that_is_entered_later_does_not_move_back_when_the_customer_last_heard() -> None:
    record = SCENE.in_progress("severe", "high")
    with set_clock(now() + timedelta(hours=3)):
        record = SCENE.do(actions.communicate, record, LIU_DESK, way="phone", text="进展")
        heard = record.communicated_at
        record = SCENE.do(
            actions.communicate, record, LIU_DESK, way="phone", text="补记", happened_at=now() - timedelta(hours=2)
        )
    assert record.communicated_at == heard


def test_what_was_said_before_the_opinions_is_no_answer_to_the_request() -> None:
    call = SCENE.call(received_at=now() - timedelta(hours=3), body="周末加派")
    record = SCENE.do(actions.respond, actions.accept(call, actor=staff(LIU_DESK)), LIU_DESK, way="phone", text="收到")
    record = SCENE.do(actions.screen_as_request, record, LIU_DESK, **SCENE.party())
    record = SCENE.do(actions.give_opinion, record, CHEN_HEAD, agrees=False, text="不行")
    record = SCENE.do(actions.give_opinion, record, "S10", agrees=True, text="可以")
    said = {"way": "phone", "text": "来电询问开门时间", "happened_at": now() - timedelta(hours=2)}
    record = SCENE.do(actions.communicate, record, LIU_DESK, **said)
    assert isinstance(refused(actions.decline_request, record, CHEN_HEAD, reason="条件不具备"), NotPossible)
    record = SCENE.do(actions.communicate, record, LIU_DESK, way="phone", text="暂不能提供，原因已说明")
    assert SCENE.do(actions.decline_request, record, CHEN_HEAD, reason="条件不具备").state == State.REQUEST_DECLINED


@pytest.mark.parametrize(("hours", "taken"), [(20, True), (30, False)])
def test_nobody_was_on_site_long_before_anything_was_declared(hours: int, taken: bool) -> None:
    record = SCENE.in_progress()
    arrival = record.received_at - timedelta(hours=hours)
    visit = {"who": ["李工"], "place": "机房", "arrival": arrival, "departure": now()}
    if taken:
        assert SCENE.do(actions.record_visit, record, LIU_DESK, **visit).visit_rows.count() == 1
    else:
        assert set(errors(refused(actions.record_visit, record, **visit))) == {"arrival"}


def test_who_may_not_read_it_any_more_is_reminded_of_nothing() -> None:
    record, colleague = SCENE.accepted(), staff(WANG_DESK)
    for who in (colleague, staff(LIU_DESK)):
        actions.watch(record.pk, actor=who)
        actions.remind(record.pk, actor=who, at=now() + timedelta(hours=2), note="看一下")
    record = SCENE.do(actions.hand_over, record, LIU_DESK, type="infosec", receiver=security_officer(), content="泄露")
    assert not sees_any(colleague, [record.pk])
    with set_clock(now() + timedelta(hours=3)):
        deliver_due(now())
    assert [one.user for one in Watch.objects.all()] == [person(LIU_DESK)]
    told = Notification.objects.filter(event__startswith="reminder.", status=Notification.Status.SENT)
    assert [one.user for one in told] == [person(LIU_DESK)]


def security_officer() -> User:
    return RoleGrant.objects.filter(role=Role.SECURITY_OFFICER)[0].user
