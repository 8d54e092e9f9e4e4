"""Declarations of one customer of the firm (`tests.firm`) in every state, made through the actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db.models import BigIntegerField

from accounts.actions import create_contact
from accounts.models import Contact, Customer
from base.clock import now
from base.compiled import CompiledRecords, Parameter
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration, State
from record_form import actions as record_form
from sla.models import Contract
from tests.firm import (
    BANK_B,
    CHEN_HEAD,
    HE_RISK,
    LIU_DESK,
    TANG_BANK_B,
    XU_SALES,
    ZHENG_CUSTODIAN,
    contact,
    person,
    staff,
)

MONDAY = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
# Read again after every step of every test.
RECORDS = CompiledRecords(lambda: Declaration.objects.filter(pk=Parameter("pk", BigIntegerField())))
# A contract is in force, but does not contain what is asked for; and a customer whose contract has ended.
OUTSIDE = {
    "out_of_scope_service": actions.ScopeAnswers(True, True, False),
    "out_of_scope_customer": actions.ScopeAnswers(True, False, False),
}


def mail() -> actions.Upload:
    """An original message, as an e-mail that is logged by hand brings it."""
    content = BytesIO("From: tangruoning@c02.example\r\nSubject: statement\r\n\r\n漏装一页\r\n".encode())
    return actions.Upload("message.eml", content, "message/rfc822")


@dataclass(frozen=True)
class Scene:
    """A customer with desk, head, custodian and a contact who may confirm; by default the second bank."""

    customer: str = BANK_B
    desk: str = LIU_DESK
    head: str = CHEN_HEAD
    custodian: str = ZHENG_CUSTODIAN
    contact: str = TANG_BANK_B
    receiver: str = XU_SALES

    def call(self, **changes: Any) -> actions.Call:
        values: dict[str, Any] = {
            "channel": "phone",
            "received_at": now(),
            "subject": "对账单漏装",
            "body": "客户来电，说本月对账单漏装一页。",
            "contact": contact(self.contact),
            "attachments": (mail(),) if changes.get("channel") == "email" else (),
        }
        return actions.Call(**{**values, **changes})

    def accepted(self, **changes: Any) -> Declaration:
        return actions.accept(self.call(**changes), actor=staff(self.desk), answered_live=True)

    def unregistered(self, **changes: Any) -> Declaration:
        """A call from a number that is nobody's, by whom the desk wrote down, of the scene's customer."""
        typed = {"contact": None, "caller_name": "钱女士", "caller_phone": "13900002999"}
        return self.accepted(**{"customer": Customer.objects.get(code=self.customer), **typed, **changes})

    def second_contact(self, **values: Any) -> Contact:
        """Another contact of the scene's customer, entered now."""
        customer = Customer.objects.get(code=self.customer)
        known = {"name": "钱文静", "mobile": "13900002998"}
        return create_contact(actor=staff(self.desk), customer=customer, **{**known, **values})

    def relayed(self) -> Declaration:
        return actions.relay(self.call(), actor=staff(ZHENG_CUSTODIAN))

    def party(self) -> dict[str, Any]:
        customer = Customer.objects.get(code=self.customer)
        return {
            "answers": actions.ScopeAnswers(True, True, True),
            "party": actions.Party(
                customer=customer,
                contract=Contract.objects.get(customer=customer),
                contact=contact(self.contact),
                contact_means="13900002001",
            ),
        }

    def do(self, action: Callable[..., Any], declaration: Declaration, by: str, **values: Any) -> Declaration:
        """Carry out one action as that person, on the record as it stands; the record afterwards."""
        action(declaration.pk, version=None, actor=staff(by), **values)
        found = RECORDS.first(pk=declaration.pk)
        assert found is not None
        return found

    def screened(self) -> Declaration:
        return self.do(actions.screen_as_incident, self.accepted(), self.desk, **self.party())

    def classified(self, impact: str = "moderate", urgency: str = "medium") -> Declaration:
        grading = actions.Grading("BIZ-01", impact, urgency, basis="影响范围已核实")
        return self.do(actions.classify, self.screened(), self.desk, grading=grading)

    def looked_up(self, impact: str = "moderate", urgency: str = "medium") -> Declaration:
        declaration = self.classified(impact, urgency)
        if declaration.contract_notes_due:
            declaration = self.do(actions.confirm_contract_notes, declaration, self.desk)
        return self.do(actions.look_up, declaration, self.desk, query="对账单 漏装", reason="情形不同")

    def in_progress(self, impact: str = "moderate", urgency: str = "medium") -> Declaration:
        return self.do(actions.start, self.looked_up(impact, urgency), self.desk)

    def waiting(self) -> Declaration:
        return self.do(
            actions.wait, self.in_progress(), self.desk, awaits="批次号", basis="今日 10:00 电话", contact=None
        )

    def handled(self, impact: str = "moderate", urgency: str = "medium") -> Declaration:
        declaration = self.in_progress(impact, urgency)
        declaration = self.do(actions.write_plan, declaration, self.desk, text="补寄并复核批次")
        return self.do(actions.log_handling, declaration, self.desk, what="补寄", result="已寄出")

    def resolved(self, impact: str = "moderate", urgency: str = "medium") -> Declaration:
        return self.do(actions.resolve, self.handled(impact, urgency), self.desk, **self.solution())

    def solution(self) -> dict[str, Any]:
        return {
            "cause": "装订机漏检",
            "solution": "补寄并复核同批次",
            "solution_kind": "permanent",
            "supporters": [],
            "told_to": contact(self.contact),
            "told_way": "phone",
        }

    def confirmed(self, impact: str = "moderate", urgency: str = "medium") -> Declaration:
        declaration = self.resolved(impact, urgency)
        return self.do(
            actions.confirm, declaration, self.desk, contact=contact(self.contact), way="phone", satisfaction=5
        )

    def closed(self) -> Declaration:
        return self.do(actions.close, self.confirmed(), self.desk)

    def filed(self) -> Declaration:
        return self.do(record_form.file, self.closed(), self.custodian, paper_place="一部档案柜 A-01")

    def invalid(self) -> Declaration:
        return self.do(
            actions.screen_as_invalid, self.accepted(), self.desk, reason="not_service_related", caller_told=True
        )

    def request_review(self) -> Declaration:
        return self.do(actions.screen_as_request, self.accepted(body="周末加派两人"), self.desk, **self.party())

    def opined(self) -> Declaration:
        declaration = self.do(actions.give_opinion, self.request_review(), self.head, agrees=True, text="可以提供")
        return self.do(actions.give_opinion, declaration, HE_RISK, agrees=True, text="风险可控")

    def request_in_progress(self) -> Declaration:
        declaration = self.do(actions.accept_request, self.opined(), self.head, reason="意见一致")
        return self.do(actions.communicate, declaration, self.desk, way="phone", text="已同意")

    def request_done(self) -> Declaration:
        return self.do(
            actions.complete_request,
            self.request_in_progress(),
            self.head,
            result="已到岗",
            completed_on=now().date(),
        )

    def request_declined(self) -> Declaration:
        return self.do(actions.decline_request, self.refusal_told(), self.head, reason="人手不足")

    def refusal_told(self) -> Declaration:
        """A service request with both opinions, whose caller the desk has told that it will be declined."""
        return self.do(actions.communicate, self.opined(), self.desk, way="phone", text="人手不足，本次不能提供")

    def handed_over(self, type: str = "complaint", receiver: str = "") -> Declaration:
        return self.do(
            actions.hand_over,
            self.accepted(),
            self.desk,
            type=type,
            receiver=person(receiver or self.receiver),
            content="客户不满，要求书面答复",
            answers=OUTSIDE.get(type, actions.ScopeAnswers()),
        )

    def handover_received(self) -> Declaration:
        return self.do(actions.receive_handover, self.handed_over(), self.receiver)

    def handover_done(self) -> Declaration:
        return self.do(
            actions.complete_handover, self.handover_received(), self.receiver, reference="TS-1", result="已答复"
        )

    def withdrawn(self) -> Declaration:
        return self.do(escalation.withdraw, self.accepted(), self.desk, who="唐若宁", how="电话说不用处理了")

    def requested(self) -> Declaration:
        """A severe incident in progress whose escalation waits for the head."""
        return self.do(escalation.request_escalation, self.handled("severe", "medium"), self.desk, reason="影响严重")

    def decided(self, approved: bool = True) -> Declaration:
        return self.do(escalation.decide_escalation, self.requested(), self.head, approved=approved, reason="须查根因")

    def countersigned(self) -> Declaration:
        return self.do(escalation.countersign, self.decided(), HE_RISK, agrees=True, opinion="同意")

    def at(self, state: str) -> Declaration:
        """A new declaration in that state."""
        makers: dict[str, Callable[[], Declaration]] = {
            State.RELAYED: self.relayed,
            State.ACCEPTED: self.accepted,
            State.INVALID: self.invalid,
            State.SCREENED: self.screened,
            State.REQUEST_REVIEW: self.request_review,
            State.REQUEST_IN_PROGRESS: self.request_in_progress,
            State.REQUEST_DECLINED: self.request_declined,
            State.REQUEST_DONE: self.request_done,
            State.HANDED_OVER: self.handed_over,
            State.HANDOVER_RECEIVED: self.handover_received,
            State.HANDOVER_DONE: self.handover_done,
            State.CLASSIFIED: self.looked_up,
            State.IN_PROGRESS: self.handled,
            State.WAITING_CUSTOMER: self.waiting,
            State.RESOLVED: self.confirmed,
            State.CLOSED: self.closed,
            State.FILED: self.filed,
            State.WITHDRAWN: self.withdrawn,
        }
        return makers[state]()


def fill() -> None:
    """One declaration in each state."""
    for state in State:
        if state != State.NEW:
            Scene().at(state)
