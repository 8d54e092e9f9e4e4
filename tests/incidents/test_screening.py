"""Clause 5.4.2: valid or not, in scope or not, of which type; what ends, what goes on and to whom."""

from __future__ import annotations

from typing import Any

import pytest

from base.clock import set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.access import declarations
from incidents.models import Declaration
from ledger.exceptions import Refused
from notifications.models import Notification
from sla.models import Contract
from tests import scenes
from tests.firm import (
    BANK_A,
    BANK_B,
    CHEN_HEAD,
    FENG_AUDITOR,
    HAULIER_H,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    TELECOM_F,
    WAN_HAULIER_H,
    WANG_DESK,
    WEI_TELECOM_F,
    WU_DESK,
    XU_SALES,
    ZHAO_DESK,
    ZHOU_HEAD,
    caller,
    contact,
    person,
    staff,
)
from tests.incidents.refusals import errors, reasons, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
RESPOND_FIRST = [("Give the caller a first response and record it.", "5.4.3")]


def unanswered() -> Declaration:
    return actions.accept(SCENE.call(), actor=staff(LIU_DESK))


def party(**changes: Any) -> actions.Party:
    values = {"contract": Contract.objects.get(customer__code=BANK_B), "contact_means": "13900002001"}
    return actions.Party(**{**values, **changes})


def incident(declaration: Declaration, answers: tuple[bool | None, ...] = (True, True, True), **of: Any) -> Refused:
    return refused(actions.screen_as_incident, declaration, answers=actions.ScopeAnswers(*answers), party=party(**of))


def sees(number: str, declaration: Declaration) -> bool:
    return declarations(staff(number)).filter(pk=declaration.pk).exists()


# Not valid


def test_an_invalid_one_ends_with_its_reason() -> None:
    declaration = SCENE.invalid()
    assert (declaration.state, declaration.type, declaration.valid) == ("invalid", "invalid", False)
    assert (declaration.invalid_reason, declaration.ended_at) == ("not_service_related", scenes.MONDAY)


@pytest.mark.parametrize("reason", ["", "because"])
def test_a_reason_is_chosen_from_the_list(reason: str) -> None:
    found = errors(refused(actions.screen_as_invalid, SCENE.accepted(), reason=reason, caller_told=True))
    assert set(found) == {"reason"}


def test_another_reason_is_described() -> None:
    found = errors(refused(actions.screen_as_invalid, SCENE.accepted(), reason="other", text=" ", caller_told=True))
    assert set(found) == {"text"}


def test_a_duplicate_names_the_first_one_which_is_not_itself() -> None:
    first, second = SCENE.accepted(), SCENE.accepted()
    for other, sentence in ((None, "Give the number"), (second, "duplicate of itself")):
        values = {"reason": "duplicate", "caller_told": True, "duplicate_of": other}
        found = errors(refused(actions.screen_as_invalid, second, **values))
        assert sentence in found["duplicate_of"]
    ended = SCENE.do(actions.screen_as_invalid, second, LIU_DESK, **{**values, "duplicate_of": first})
    assert ended.duplicate_of == first


def test_the_caller_of_an_invalid_one_is_answered_first_unless_nobody_can_be() -> None:
    values = {"reason": "test", "caller_told": True}
    assert reasons(refused(actions.screen_as_invalid, unanswered(), **values)) == RESPOND_FIRST
    anonymous = actions.accept(SCENE.call(contact=None, caller_name="", caller_phone=""), actor=staff(WANG_DESK))
    ended = SCENE.do(actions.screen_as_invalid, anonymous, WANG_DESK, reason="test")
    assert (ended.state, ended.response_clock.cancelled_at) == ("invalid", scenes.MONDAY)


def test_the_caller_hears_that_it_ends_in_words_that_stand_on_the_record() -> None:
    found = errors(refused(actions.screen_as_invalid, SCENE.accepted(), reason="test"))
    assert found == {"caller_told": "Tell the caller that it ends here."}
    told = {"caller_told": True, "told_way": "email", "told_text": "此线路只受理服务申报"}
    ended = SCENE.do(actions.screen_as_invalid, SCENE.accepted(), LIU_DESK, reason="test", **told)
    row = ended.communication_rows.last()
    assert (row.way, row.text, row.contact, row.by) == (
        "email",
        "此线路只受理服务申报",
        contact(TANG_BANK_B),
        person(LIU_DESK),
    )


def test_without_words_of_its_own_the_reason_is_what_the_caller_heard() -> None:
    row = SCENE.do(
        actions.screen_as_invalid, SCENE.accepted(), LIU_DESK, reason="other", text="拨错号码", caller_told=True
    ).communication_rows.last()
    assert (row.way, row.text) == ("phone", "Not taken on: Other\n拨错号码")


def test_an_alarm_that_was_a_test_has_no_caller_to_tell() -> None:
    customer = contact(TANG_BANK_B).customer
    call = SCENE.call(channel="monitoring", contact=None, customer=customer, source="Zabbix", source_ref="A-1")
    found = actions.accept(call, actor=staff(LIU_DESK))
    SCENE.do(actions.respond, found, LIU_DESK, way="phone", text="已核实", to="值班室")
    assert SCENE.do(actions.screen_as_invalid, found, LIU_DESK, reason="test").state == "invalid"


# An incident


def test_an_incident_under_a_contract_in_force_goes_on_to_classification() -> None:
    declaration = SCENE.screened()
    assert (declaration.state, declaration.type, declaration.valid) == ("screened", "incident", True)
    assert declaration.contract == Contract.objects.get(customer__code=BANK_B)
    assert declaration.screened_by == person(LIU_DESK)


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ((None, True, True), "is_customer", "Not a customer: hand it over to sales."),
        ((True, False, True), "contract_in_force", "No contract in force: hand it over to sales."),
        (
            (True, True, False),
            "service_in_contract",
            "Not part of the contract: this is a service request, or a matter for sales.",
        ),
    ],
)
def test_the_tree_of_scope_decides(answers: tuple[bool | None, ...], field: str, sentence: str) -> None:
    assert errors(incident(SCENE.accepted(), answers)) == {field: sentence}


def test_customer_person_and_means_of_contact_are_needed() -> None:
    unknown = actions.accept(
        SCENE.call(contact=None, caller_name="沈主管", caller_phone="13800009901"), actor=staff(WANG_DESK)
    )
    SCENE.do(actions.respond, unknown, WANG_DESK, way="phone", text="已受理")
    found = errors(
        refused(
            actions.screen_as_incident,
            unknown,
            WANG_DESK,
            answers=actions.ScopeAnswers(True, True, True),
            party=actions.Party(),
        )
    )
    assert set(found) == {"customer", "contact", "contact_means", "contract"}


def test_our_own_finding_needs_no_contact_person() -> None:
    customer = contact(TANG_BANK_B).customer
    call = SCENE.call(channel="monitoring", contact=None, customer=customer, source="Zabbix", source_ref="A-1")
    found = actions.accept(call, actor=staff(LIU_DESK))
    answers = actions.ScopeAnswers(True, True, True)
    screened = SCENE.do(actions.screen_as_incident, found, LIU_DESK, answers=answers, party=party(contact_means=""))
    assert (screened.state, screened.contact) == ("screened", None)


def test_contact_and_contract_belong_to_the_customer() -> None:
    foreign = {"contact": contact(SHEN_BANK_A), "contract": Contract.objects.get(customer__code=BANK_A)}
    assert set(errors(incident(SCENE.accepted(), **foreign))) == {"contact", "contract"}


def test_an_expired_contract_sends_it_to_sales() -> None:
    scene = scenes.Scene(customer=HAULIER_H, desk=WU_DESK, head=ZHOU_HEAD, contact=WAN_HAULIER_H)
    declaration = scene.accepted()
    values = scene.party()
    assert set(errors(refused(actions.screen_as_incident, declaration, WU_DESK, **values))) == {"contract"}
    handed = scene.do(
        actions.hand_over,
        declaration,
        WU_DESK,
        type="out_of_scope_service",
        receiver=person(XU_SALES),
        content="合同 6 月 30 日到期，客户仍要求录入",
        answers=actions.ScopeAnswers(True, False, None),
    )
    assert (handed.state, handed.handover_rows.get().kind) == ("handed_over", "sales")
    assert (handed.is_customer, handed.contract_in_force) == (True, False)


def test_naming_another_customer_moves_the_record_to_its_desk() -> None:
    unknown = actions.accept(SCENE.call(contact=None, caller_name="唐若宁"), actor=staff(WANG_DESK))
    SCENE.do(actions.respond, unknown, WANG_DESK, way="phone", text="已受理")
    screened = SCENE.do(actions.screen_as_incident, unknown, WANG_DESK, **SCENE.party())
    assert (screened.customer.code, screened.desk) == (BANK_B, person(LIU_DESK))


def test_only_a_received_one_is_screened() -> None:
    for declaration in (SCENE.relayed(), SCENE.screened(), SCENE.closed()):
        assert incident(declaration).status == 409


# Service requests and hand-overs begin with an answer to the caller


@pytest.mark.parametrize("type", ["complaint", "infosec", "out_of_scope_customer"])
def test_nothing_is_passed_on_before_the_caller_is_answered(type: str) -> None:
    receiver = person({"infosec": HE_RISK}.get(type, XU_SALES))
    found = refused(actions.hand_over, unanswered(), type=type, receiver=receiver, content="内容")
    assert reasons(found) == RESPOND_FIRST
    assert reasons(refused(actions.screen_as_request, unanswered(), **SCENE.party())) == RESPOND_FIRST


def test_a_request_passes_on_what_was_asked_unaltered_and_additions_apart() -> None:
    asked, demands = "  周末 加派两人；\n\n要求：持证，女性优先 ", "周五前答复"
    for own, added, together in ((demands, "另需夜班", f"{demands}\n另需夜班"), (demands, f" {demands}", demands)):
        accepted = SCENE.accepted(body=asked, other_demands=own)
        declaration = SCENE.do(actions.screen_as_request, accepted, LIU_DESK, additions=added, **SCENE.party())
        assert (declaration.state, declaration.verbatim) == ("request_review", asked)
        assert (declaration.body, declaration.other_demands) == (asked, together)
    told = Notification.objects.filter(event="request.waiting").values_list("user__employee_number", flat=True)
    assert set(told) == {CHEN_HEAD, HE_RISK}


def test_a_request_belongs_to_a_contracted_service_else_it_goes_to_sales() -> None:
    for answers, field in (((True, True, False), "service_in_contract"), ((True, False, None), "contract_in_force")):
        values = {"answers": actions.ScopeAnswers(*answers), "party": party()}
        assert field in errors(refused(actions.screen_as_request, SCENE.accepted(), **values))


# What goes to sales


EXPIRED = scenes.Scene(customer=HAULIER_H, desk=WU_DESK, head=ZHOU_HEAD, contact=WAN_HAULIER_H)
IN_FORCE = "DEMO-HT-2026-002 was in force when it was received."


@pytest.mark.parametrize(
    ("type", "answers", "field", "sentence"),
    [
        ("out_of_scope_customer", (None, None, None), "is_customer", "Say whether it is or was a customer of ours."),
        ("out_of_scope_customer", (False, False, False), "contract_in_force", IN_FORCE),
        ("out_of_scope_customer", (True, False, False), "contract_in_force", IN_FORCE),
        ("out_of_scope_customer", (True, None, None), "contract_in_force", IN_FORCE),
        (
            "out_of_scope_customer",
            (True, True, False),
            "contract_in_force",
            "With a contract in force it is at most beyond the service scope.",
        ),
        (
            "out_of_scope_service",
            (False, False, False),
            "is_customer",
            "Never a customer: hand it over as customer out of scope.",
        ),
        ("out_of_scope_service", (True, False, False), "contract_in_force", IN_FORCE),
        (
            "out_of_scope_service",
            (True, True, None),
            "service_in_contract",
            "Part of the contract: this is an incident or a service request.",
        ),
    ],
)
def test_sales_receive_only_what_the_tree_leads_there(
    type: str, answers: tuple[bool | None, ...], field: str, sentence: str
) -> None:
    values = {"type": type, "receiver": person(XU_SALES), "content": "见原话"}
    found = refused(actions.hand_over, SCENE.accepted(), answers=actions.ScopeAnswers(*answers), **values)
    assert errors(found) == {field: sentence}


def test_a_customer_without_contract_says_so_and_goes_to_sales_either_way() -> None:
    values = {"receiver": person(XU_SALES), "content": "合同已到期"}
    found = refused(
        actions.hand_over,
        EXPIRED.accepted(),
        WU_DESK,
        type="out_of_scope_service",
        answers=actions.ScopeAnswers(True, None, None),
        **values,
    )
    assert errors(found) == {"contract_in_force": "Say whether a contract is in force."}
    for type in ("out_of_scope_service", "out_of_scope_customer"):
        answers = actions.ScopeAnswers(True, False, False)
        handed = EXPIRED.do(actions.hand_over, EXPIRED.accepted(), WU_DESK, type=type, answers=answers, **values)
        assert handed.state == "handed_over"


def test_of_a_stranger_a_number_to_call_back_is_enough() -> None:
    stranger = actions.ScopeAnswers(False, False, False)
    values = {"type": "out_of_scope_customer", "receiver": person(XU_SALES), "content": "咨询", "answers": stranger}
    known = {"contact": None, "caller_name": "丁女士"}
    for phone, state in (("13900009901", "handed_over"), ("", None)):
        call = actions.accept(SCENE.call(**known, caller_phone=phone), actor=staff(WANG_DESK), answered_live=True)
        if state:
            assert SCENE.do(actions.hand_over, call, WANG_DESK, **values).state == state
        else:
            assert set(errors(refused(actions.hand_over, call, WANG_DESK, **values))) == {"contact_means"}


# Whom every hand-over names


@pytest.mark.parametrize(("type", "receiver"), [("complaint", XU_SALES), ("infosec", HE_RISK)])
def test_a_hand_over_names_customer_person_and_means(type: str, receiver: str) -> None:
    call = SCENE.call(contact=None, caller_name="匿名")
    unknown = actions.accept(call, actor=staff(WANG_DESK), answered_live=True)
    values = {"type": type, "receiver": person(receiver), "content": "投诉"}
    found = errors(refused(actions.hand_over, unknown, WANG_DESK, **values))
    assert set(found) == {"customer", "contact", "contact_means"}
    named = SCENE.do(actions.hand_over, unknown, WANG_DESK, **values, party=SCENE.party()["party"])
    assert (named.state, named.contact_means) == ("handed_over", "13900002001")


def test_our_own_finding_is_handed_over_without_a_person() -> None:
    customer = contact(TANG_BANK_B).customer
    call = SCENE.call(channel="maintenance", contact=None, customer=customer, source="巡检")
    found = actions.accept(call, actor=staff(LIU_DESK))
    SCENE.do(actions.respond, found, LIU_DESK, way="phone", text="已告知客户")
    values = {"type": "infosec", "receiver": person(HE_RISK), "content": "终端插过 U 盘"}
    assert SCENE.do(actions.hand_over, found, LIU_DESK, **values).state == "handed_over"


def test_how_a_registered_person_is_reached_comes_from_the_register() -> None:
    handed = SCENE.handed_over()
    assert handed.contact_means == contact(TANG_BANK_B).mobile


@pytest.mark.parametrize("way_out", ["hand_over", "screen_as_invalid", "screen_as_incident", "screen_as_request"])
def test_a_contract_of_another_customer_is_refused_on_every_way_out(way_out: str) -> None:
    values: dict[str, Any] = {"answers": actions.ScopeAnswers(True, True, True)}
    if way_out == "hand_over":
        values |= {"type": "complaint", "receiver": person(XU_SALES), "content": "投诉"}
    if way_out == "screen_as_invalid":
        values |= {"reason": "test", "caller_told": True}
    foreign = party(contract=Contract.objects.get(customer__code=BANK_A))
    found = errors(refused(getattr(actions, way_out), SCENE.accepted(), party=foreign, **values))
    assert found == {"contract": "This contract belongs to another customer."}


# Security records


def test_a_security_record_is_read_by_its_desk_officer_and_head_only() -> None:
    declaration = SCENE.handed_over("infosec", HE_RISK)
    assert declaration.restricted
    readers = {number for number in (f"S{n:02d}" for n in range(14)) if sees(number, declaration)}
    assert readers == {CHEN_HEAD, LIU_DESK, HE_RISK}
    assert not declarations(caller(TANG_BANK_B)).filter(pk=declaration.pk).exists()


def test_the_auditor_reads_a_security_record_once_it_has_ended() -> None:
    declaration = SCENE.handed_over("infosec", HE_RISK)
    SCENE.do(actions.receive_handover, declaration, HE_RISK)
    assert not sees(FENG_AUDITOR, declaration)
    SCENE.do(actions.complete_handover, declaration, HE_RISK, reference="XA-1", result="已处置")
    assert sees(FENG_AUDITOR, declaration)


def test_who_handled_it_before_it_was_a_security_matter_may_no_longer() -> None:
    declaration = SCENE.in_progress()
    SCENE.do(actions.reassign, declaration, LIU_DESK, to=person(WANG_DESK), reason="换人")
    SCENE.do(escalation.change_type, declaration, LIU_DESK, to="infosec", reason="账单外泄")
    restricted = SCENE.do(
        actions.hand_over, declaration, LIU_DESK, type="infosec", receiver=person(HE_RISK), content="账单外泄"
    )
    assert restricted.handler == person(WANG_DESK)
    with pytest.raises(Declaration.DoesNotExist):
        actions.communicate(restricted.pk, version=None, actor=staff(WANG_DESK), way="phone", text="进展")


def end(declaration: Declaration, verb: str) -> None:
    if verb == "withdraw":
        SCENE.do(escalation.withdraw, declaration, LIU_DESK, who="周敏", how="电话撤回")
    else:
        SCENE.do(escalation.change_type, declaration, LIU_DESK, to="complaint", reason="对服务态度不满")


@pytest.mark.parametrize("verb", ["withdraw", "change_type"])
def test_no_miss_leaves_the_figures_without_the_head_hearing_of_it(verb: str) -> None:
    late = SCENE.in_progress()
    assert late.due_at is not None
    with set_clock(late.due_at):
        end(late, verb)
    told = Notification.objects.get(event="incident.miss_left")
    assert (told.number, told.user) == (late.number, person(CHEN_HEAD))


@pytest.mark.parametrize("verb", ["withdraw", "change_type"])
def test_one_that_ends_in_time_is_no_news_for_the_head(verb: str) -> None:
    end(SCENE.in_progress(), verb)
    assert not Notification.objects.filter(event="incident.miss_left").exists()


def test_an_earlier_receiver_reads_nothing_that_became_a_security_matter() -> None:
    declaration = SCENE.handed_over("complaint", XU_SALES)
    SCENE.do(actions.return_handover, declaration, XU_SALES, reason="不是抱怨")
    assert sees(XU_SALES, declaration)
    SCENE.do(actions.hand_over, declaration, LIU_DESK, type="infosec", receiver=person(HE_RISK), content="外泄")
    assert not sees(XU_SALES, declaration)


def test_one_that_turns_out_to_be_an_incident_is_open_to_the_department_again() -> None:
    declaration = SCENE.handed_over("infosec", HE_RISK)
    returned = SCENE.do(actions.return_handover, declaration, HE_RISK, reason="普通差错")
    assert (returned.restricted, sees(WANG_DESK, returned)) == (True, False)
    screened = SCENE.do(actions.screen_as_incident, returned, LIU_DESK, **SCENE.party())
    assert (screened.restricted, sees(WANG_DESK, screened)) == (False, True)


def test_a_contract_that_becomes_known_sets_the_time_of_an_answer_that_is_still_owed() -> None:
    """A mail from an unknown address may have half an hour; its sender's contract says ten minutes (A-07)."""
    scene = scenes.Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=WEI_TELECOM_F)
    unknown = {"channel": "email", "contact": None, "caller_company": "某省分公司"}
    for answered, source, minutes in ((False, "contract", 10), (True, "channel", 30)):
        declaration = actions.accept(scene.call(**unknown), actor=staff(ZHAO_DESK))
        if answered:
            declaration = scene.do(actions.communicate, declaration, ZHAO_DESK, way="phone", text="已收到")
        declaration = scene.do(actions.screen_as_incident, declaration, ZHAO_DESK, **scene.party())
        clock = declaration.response_clock
        assert (clock.source, clock.target["value"]) == (source, minutes)
