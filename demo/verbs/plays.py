"""How each verb of the demonstration's steps calls its action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from demo.verbs.completion import (
    confirm,
    correct_finding,
    quick_solve,
    reject,
    resolve,
    review,
    verify_finding,
)
from demo.verbs.escalation import acknowledge_problem, complete_request, countersign, decide_escalation
from demo.verbs.handling import look_up, record_visit, wait, warn
from demo.verbs.intake import accept, classify, communicate, reclassify, relay, respond, screen
from demo.verbs.scene import Scene
from demo.verbs.upkeep import renew_article, renew_contract
from escalation import actions as escalation
from incidents import actions
from record_form import actions as record_form


def _plain(action: Callable[..., Any], **renamed: str) -> Callable[[Scene], None]:
    """A verb whose values are its action's arguments, but for the renamed ones and those not listed."""

    def play(scene: Scene) -> None:
        values = {argument: scene.values[name] for argument, name in renamed.items()}
        action(scene.pk, version=None, actor=scene.actor, **values)

    return play


PLAYS: dict[str, Callable[[Scene], None]] = {
    "accept": accept,
    "relay": relay,
    "respond": respond,
    "screen": screen,
    "classify": classify,
    "reclassify": reclassify,
    "change_type": _plain(escalation.change_type, to="to", reason="reason"),
    "confirm_contract_notes": _plain(actions.confirm_contract_notes),
    "look_up": look_up,
    "start": _plain(actions.start),
    "plan": _plain(actions.write_plan, text="text"),
    "log_handling": _plain(actions.log_handling, what="what", result="result"),
    "visit": record_visit,
    "communicate": communicate,
    "report_up": _plain(actions.report_up, reason="reason", desk_cannot_solve="desk_cannot_solve"),
    "answer_report": _plain(actions.answer_report, answer="answer"),
    "take_over": _plain(actions.take_over, answer="answer"),
    "wait": wait,
    "resume": _plain(actions.resume, received="received", way="way"),
    "warn": warn,
    "request_escalation": _plain(escalation.request_escalation, trigger="trigger", reason="reason"),
    "decide_escalation": decide_escalation,
    "countersign": countersign,
    "acknowledge_problem": acknowledge_problem,
    "give_opinion": _plain(actions.give_opinion, role="role", agrees="agree", text="opinion"),
    "accept_request": _plain(actions.accept_request, reason="reason"),
    "decline_request": _plain(actions.decline_request, reason="reason"),
    "complete_request": complete_request,
    "receive_handover": _plain(actions.receive_handover),
    "return_handover": _plain(actions.return_handover, reason="reason"),
    "complete_handover": _plain(actions.complete_handover, reference="reference", result="result"),
    "resolve": resolve,
    "quick_solve": quick_solve,
    "reject": reject,
    "reopen": _plain(actions.reopen, reason="reason"),
    "confirm": confirm,
    "state_breach_reason": _plain(actions.state_breach_reason, reason="reason"),
    "close": _plain(actions.close),
    "file": _plain(record_form.file, paper_place="paper_place"),
    "review": review,
    "correct_finding": correct_finding,
    "verify_finding": verify_finding,
    "renew_contract": renew_contract,
    "renew_article": renew_article,
    "withdraw": _plain(escalation.withdraw, who="who", how="how"),
}
