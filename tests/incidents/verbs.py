"""One legal use of every verb: from which record, by whom, with which values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from base.clock import now, set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration
from record_form import actions as record_form
from tests.firm import ADMINISTRATOR, BANK_C, HAN_BANK_C, HE_RISK, LIU_DESK, contact, person, staff
from tests.scenes import Scene

Values = Callable[[Scene], dict[str, Any]]


def _nothing(_scene: Scene) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Use:
    """An action on the record that `made` makes, by the person who plays `by` in the scene, or by that number.

    It is done `later` than the record was made.
    """

    action: Callable[..., Any]
    made: Callable[[Scene], Declaration]
    values: Values = _nothing
    by: str = "desk"
    later: timedelta = timedelta()

    def actor(self, scene: Scene) -> str:
        return str(getattr(scene, self.by, self.by))

    def on(self, scene: Scene, declaration: Declaration) -> Declaration:
        with set_clock(now() + self.later):
            return scene.do(self.action, declaration, self.actor(scene), **self.values(scene))


def _fixed(**values: Any) -> Values:
    return lambda _scene: values


def _unanswered(scene: Scene) -> Declaration:
    return actions.accept(scene.call(), actor=staff(scene.desk))


def _told(scene: Scene, **values: Any) -> dict[str, Any]:
    return {"told_to": contact(scene.contact), **values}


def _record_security_twin(declaration_id: int, **values: Any) -> Declaration:
    """The record that it was made from, as of every other verb."""
    actions.record_security_twin(declaration_id, **values)
    return Declaration.objects.get(pk=declaration_id)


def _add_annex(declaration_id: int, *, version: int | None, **values: Any) -> Declaration:
    return actions.add_annex(declaration_id, **values)


GRADING = actions.Grading("BIZ-01", "severe", "medium", basis="影响范围已核实")
REGRADING = actions.Grading("BIZ-02", "minor", "low")
USES: dict[str, Use] = {
    "accept": Use(actions.accept_relayed, Scene.relayed),
    "respond": Use(actions.respond, _unanswered, _fixed(way="phone", text="已受理")),
    "screen_as_invalid": Use(actions.screen_as_invalid, Scene.accepted, _fixed(reason="test", caller_told=True)),
    "screen_as_incident": Use(actions.screen_as_incident, Scene.accepted, Scene.party),
    "screen_as_request": Use(
        actions.screen_as_request, Scene.accepted, lambda scene: {**scene.party(), "additions": "加派两人"}
    ),
    "hand_over": Use(
        actions.hand_over,
        Scene.accepted,
        lambda scene: {"type": "complaint", "receiver": person(scene.receiver), "content": "要求书面答复"},
    ),
    "change_type": Use(escalation.change_type, Scene.waiting, _fixed(to="complaint", reason="误判")),
    "give_opinion": Use(actions.give_opinion, Scene.request_review, _fixed(agrees=True, text="可以"), by="head"),
    "accept_request": Use(actions.accept_request, Scene.opined, _fixed(reason="一致"), by="head"),
    "decline_request": Use(actions.decline_request, Scene.refusal_told, _fixed(reason="人手不足"), by="head"),
    "complete_request": Use(
        actions.complete_request,
        Scene.request_in_progress,
        lambda _scene: {"result": "已到岗", "completed_on": now().date()},
        by="head",
    ),
    "receive_handover": Use(actions.receive_handover, Scene.handed_over, by="receiver"),
    "return_handover": Use(actions.return_handover, Scene.handed_over, _fixed(reason="不属投诉"), by="receiver"),
    "complete_handover": Use(
        actions.complete_handover, Scene.handover_received, _fixed(reference="TS-1", result="已答复"), by="receiver"
    ),
    "classify": Use(actions.classify, Scene.screened, _fixed(grading=GRADING)),
    "reclassify": Use(actions.reclassify, Scene.in_progress, _fixed(grading=REGRADING, reason="核实")),
    "reassign": Use(
        actions.reassign, Scene.classified, lambda _scene: {"to": person(ADMINISTRATOR), "reason": "休假"}, by="head"
    ),
    "confirm_contract_notes": Use(actions.confirm_contract_notes, Scene.classified),
    "look_up": Use(actions.look_up, Scene.classified, _fixed(query="漏装", reason="情形不同")),
    "start": Use(actions.start, Scene.looked_up),
    "write_plan": Use(actions.write_plan, Scene.in_progress, _fixed(text="补寄并复核")),
    "log_handling": Use(actions.log_handling, Scene.in_progress, _fixed(what="补寄", result="已寄")),
    "record_security_twin": Use(
        _record_security_twin, Scene.in_progress, _fixed(subject="账户被异地登录", body="疑似泄密")
    ),
    "record_visit": Use(
        actions.record_visit,
        Scene.in_progress,
        lambda _scene: {"who": ["王工"], "place": "机房", "arrival": now(), "departure": None},
    ),
    "record_departure": Use(
        actions.record_departure,
        lambda scene: USES["record_visit"].on(scene, scene.in_progress()),
        lambda _scene: {"departure": now()},
    ),
    "report_up": Use(actions.report_up, Scene.in_progress, _fixed(reason="需协调", desk_cannot_solve=True)),
    "answer_report": Use(
        actions.answer_report,
        lambda scene: USES["report_up"].on(scene, scene.in_progress()),
        _fixed(answer="好"),
        "head",
    ),
    "take_over": Use(
        actions.take_over, lambda scene: scene.in_progress("severe", "high"), _fixed(answer="我来"), by="head"
    ),
    "wait": Use(actions.wait, Scene.in_progress, _fixed(awaits="批次号", basis="电话")),
    "resume": Use(actions.resume, Scene.waiting, _fixed(received="批次号", way="email")),
    "communicate": Use(actions.communicate, Scene.in_progress, _fixed(way="phone", text="进展通报")),
    "warn": Use(
        escalation.warn,
        Scene.in_progress,
        lambda scene: {"kind": "at_risk", "reason": "缺件", "staff": [person(scene.head)]},
    ),
    "request_escalation": Use(escalation.request_escalation, Scene.handled, _fixed(reason="疑似设备问题")),
    "decide_escalation": Use(
        escalation.decide_escalation, Scene.requested, _fixed(approved=True, reason="须查根因"), by="head"
    ),
    "countersign": Use(escalation.countersign, Scene.decided, _fixed(agrees=False, opinion="谁来跟踪？"), by=HE_RISK),
    "resolve": Use(actions.resolve, Scene.handled, Scene.solution),
    "quick_solve": Use(
        actions.quick_solve,
        lambda scene: scene.looked_up("minor", "low"),
        lambda scene: _told(scene, solution="电话指导", means="phone"),
    ),
    "confirm": Use(
        actions.confirm,
        Scene.resolved,
        lambda scene: {"contact": contact(scene.contact), "way": "phone", "satisfaction": 4},
    ),
    "reject": Use(actions.reject, Scene.resolved, _fixed(reason="仍漏一页", way="phone")),
    "close": Use(actions.close, Scene.confirmed),
    "reopen": Use(actions.reopen, Scene.closed, _fixed(reason="又漏装")),
    "file": Use(record_form.file, Scene.closed, _fixed(paper_place="档案柜 A-01"), by="custodian"),
    "return_for_completion": Use(
        actions.return_for_completion, Scene.closed, _fixed(missing="缺签字扫描"), by="custodian"
    ),
    "add_annex": Use(_add_annex, Scene.closed, _fixed(text="补寄回执")),
    "withdraw": Use(escalation.withdraw, Scene.waiting, _fixed(who="唐若宁", how="电话")),
    "state_breach_reason": Use(
        actions.state_breach_reason,
        lambda scene: scene.in_progress("minor", "low"),
        _fixed(reason="缺件"),
        later=timedelta(hours=6),
    ),
}
# A customer whose contract has notes to confirm; all others take the second bank.
NOTED = Scene(customer=BANK_C, desk=LIU_DESK, contact=HAN_BANK_C)


def scene_of(verb: str) -> Scene:
    return NOTED if verb == "confirm_contract_notes" else Scene()
