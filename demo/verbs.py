"""How each verb of the demonstration's steps calls its action."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from accounts.actors import Actor
from accounts.models import Contact, Customer, User
from audit import actions as audit
from escalation import actions as escalation
from escalation.models import Problem
from incidents import actions
from incidents.models import Declaration, SolutionKind
from knowledge.models import ArticleVersion
from record_form import actions as record_form
from sla.models import Contract

Values = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """One step of one declaration: the input of the call, who acts, and the values of the step."""

    call: dict[str, Any]
    actor: Actor
    verb: str
    values: Values

    @cached_property
    def declaration(self) -> Declaration:
        return Declaration.objects.get(number=self.call["ref"])

    @property
    def pk(self) -> int:
        return self.declaration.pk

    def uploads(self) -> tuple[actions.Upload, ...]:
        """The files that came with this verb, and the original mail with the acceptance."""
        files = [file for file in self.call.get("attachments", []) if file["step"] == self.verb]
        found = [
            actions.Upload(
                file["name"],
                io.BytesIO(base64.b64decode(file["content_base64"])),
                file["media_type"],
                file.get("pages"),
            )
            for file in files
        ]
        if self.verb == "accept" and "eml" in self.call:
            found.append(actions.Upload("message.eml", io.BytesIO(mail_bytes(self.call["eml"])), "message/rfc822"))
        return tuple(found)


def mail_bytes(eml: dict[str, Any]) -> bytes:
    """The original bytes of a mail."""
    return base64.b64decode(eml["base64"]) if "base64" in eml else eml["text"].encode("utf-8")


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def contact(code: str | None) -> Contact | None:
    return Contact.objects.select_related("customer__department").get(code=code) if code else None


def person(number: str) -> User:
    return User.objects.get(employee_number=number)


def _named(people: list[str] | str) -> list[str]:
    if isinstance(people, str):
        return []
    return [person(name).name if name.startswith("S") and name[1:].isdigit() else name for name in people]


def _call(scene: Scene) -> actions.Call:
    caller, values = scene.call["caller"] or {}, scene.values
    customer = Customer.objects.filter(code=caller.get("customer_id")).select_related("department").first()
    return actions.Call(
        channel=values["channel"],
        received_at=datetime.fromisoformat(values["received_at"]),
        subject=scene.call["subject"],
        body=scene.call["body"],
        contact=contact(caller.get("contact_id")),
        customer=customer,
        department=person(scene.call["received_by"]).department,
        caller_name=caller.get("name") or "",
        caller_phone=caller.get("phone") or "",
        caller_company="" if customer else caller.get("customer_name") or "",
        pages=values.get("pages"),
        sender_reference=values.get("sender_reference") or "",
        received_on=date.fromisoformat(values["received_on"]) if values.get("received_on") else None,
        via=values.get("via", ""),
        source=values.get("source", ""),
        system=values.get("system", ""),
        source_ref=values.get("source_ref", ""),
        attachments=scene.uploads(),
    )


def accept(scene: Scene) -> None:
    if scene.values.get("acknowledged"):
        actions.accept_relayed(scene.pk, version=None, actor=scene.actor)
    else:
        actions.accept(_call(scene), actor=scene.actor, idempotency_key=f"demo:{scene.call['ref']}")


def relay(scene: Scene) -> None:
    actions.relay(_call(scene), actor=scene.actor, idempotency_key=f"demo:{scene.call['ref']}")


def _told(code: str) -> dict[str, Any]:
    known = Contact.objects.filter(code=code).first()
    return {"contact": known, "to": "" if known else code}


def respond(scene: Scene) -> None:
    values = scene.values
    actions.respond(
        scene.pk,
        version=None,
        actor=scene.actor,
        way=values["way"],
        text=values["text"],
        responded_at=moment(values.get("responded_at")),
        **_told(values["to"]),
    )


def communicate(scene: Scene) -> None:
    values = scene.values
    actions.communicate(
        scene.pk, version=None, actor=scene.actor, way=values["way"], text=values["text"], **_told(values["to"])
    )


def screen(scene: Scene) -> None:
    values = scene.values
    answers = actions.ScopeAnswers(**values.get("scope_answers", {}))
    party = actions.Party(
        customer=Customer.objects.select_related("department").filter(code=values.get("customer")).first(),
        contract=Contract.objects.filter(number=values.get("contract")).first(),
        contact=contact(values.get("contact")),
        contact_means=values.get("contact_means") or "",
    )
    common: dict[str, Any] = {"version": None, "actor": scene.actor, "answers": answers, "party": party}
    verdict = values["verdict"]
    if verdict == "incident":
        actions.screen_as_incident(scene.pk, **common)
    elif verdict == "service_request":
        actions.screen_as_request(scene.pk, additions=values.get("other_demands", ""), **common)
    elif verdict == "invalid":
        actions.screen_as_invalid(
            scene.pk,
            reason=values["reason"],
            text=values.get("text", ""),
            duplicate_of=Declaration.objects.filter(number=values.get("duplicate_of")).first(),
            caller_told=values.get("caller_told", False),
            **common,
        )
    else:
        actions.hand_over(
            scene.pk, type=verdict, receiver=person(values["receiver"]), content=values["content"], **common
        )


def _grading(values: Values) -> actions.Grading:
    return actions.Grading(
        leaf=values["leaf"], impact=values["impact"], urgency=values["urgency"], basis=values.get("grading_basis", "")
    )


def classify(scene: Scene) -> None:
    actions.classify(scene.pk, version=None, actor=scene.actor, grading=_grading(scene.values))


def reclassify(scene: Scene) -> None:
    actions.reclassify(
        scene.pk,
        version=None,
        actor=scene.actor,
        grading=_grading(scene.values),
        reason=scene.values["reason"],
    )


def look_up(scene: Scene) -> None:
    values = scene.values
    adopted = None
    if values["result"] == "adopt":
        adopted = ArticleVersion.objects.get(article__code=values["article"], version_label=values["version"])
    actions.look_up(
        scene.pk,
        version=None,
        actor=scene.actor,
        query=values["query"],
        article=adopted,
        reason=values.get("reason") or "",
    )


def record_visit(scene: Scene) -> None:
    values = scene.values
    arrival = moment(values["arrival"])
    assert arrival is not None
    actions.record_visit(
        scene.pk,
        version=None,
        actor=scene.actor,
        who=_named(values["who"]),
        place=values["place"],
        arrival=arrival,
        departure=moment(values.get("departure")),
    )


def warn(scene: Scene) -> None:
    values = scene.values
    escalation.warn(
        scene.pk,
        version=None,
        actor=scene.actor,
        kind=values["kind"],
        reason=values["reason"],
        expected_at=moment(values.get("expected_at")),
        staff=list(User.objects.filter(employee_number__in=values["to"])),
        contacts=list(Contact.objects.filter(code__in=values["to"])),
        letter=values["words"],
        way=values["way"],
    )


def wait(scene: Scene) -> None:
    values = scene.values
    actions.wait(
        scene.pk,
        version=None,
        actor=scene.actor,
        awaits=values["awaits"],
        basis=values["basis"],
        contact=contact(values["from"]),
    )


def resolve(scene: Scene) -> None:
    values = scene.values
    actions.resolve(
        scene.pk,
        version=None,
        actor=scene.actor,
        cause=values["cause"],
        solution=values["solution"],
        solution_kind=values.get("solution_kind", SolutionKind.PERMANENT),
        supporters=_named(values["supporters"]),
        told_to=contact(values["told_to"]["contact"]),
        told_way=values["told_to"]["way"],
    )


def quick_solve(scene: Scene) -> None:
    values = scene.values
    actions.quick_solve(
        scene.pk,
        version=None,
        actor=scene.actor,
        solution=values["solution"],
        means=values["means"],
        told_to=contact(values["told_to"]["contact"]),
    )


def confirm(scene: Scene) -> None:
    values = scene.values
    actions.confirm(
        scene.pk,
        version=None,
        actor=scene.actor,
        contact=contact(values["contact"]),
        way=values["way"],
        opinion=values.get("opinion", ""),
        satisfaction=values.get("satisfaction"),
        scan=next(iter(scene.uploads()), None),
        unauthorised_confirmation_reason=_why_unauthorised(scene),
    )


def _why_unauthorised(scene: Scene) -> str:
    """The data give the reason with the closing; the desk gives it with the confirmation."""
    closings = (step["values"] for step in scene.call["steps"] if step["verb"] == "close")
    return next((values.get("unauthorised_confirmation_reason", "") for values in closings), "")


def reject(scene: Scene) -> None:
    values = scene.values
    actions.reject(
        scene.pk,
        version=None,
        actor=scene.actor,
        reason=values["reason"],
        way=values["way"],
        contact=contact(values["contact"]),
    )


def acknowledge_problem(scene: Scene) -> None:
    problem = Problem.objects.get(declaration=scene.pk)
    escalation.acknowledge_problem(problem.pk, version=None, actor=scene.actor, reference=scene.values["problem"])


def _plain(action: Callable[..., Any], **renamed: str) -> Callable[[Scene], None]:
    """A verb whose values are its action's arguments, but for the renamed ones and those not listed."""

    def play(scene: Scene) -> None:
        values = {argument: scene.values[name] for argument, name in renamed.items()}
        action(scene.pk, version=None, actor=scene.actor, **values)

    return play


def complete_request(scene: Scene) -> None:
    actions.complete_request(
        scene.pk,
        version=None,
        actor=scene.actor,
        result=scene.values["result"],
        completed_on=date.fromisoformat(scene.values["completed_on"]),
    )


def decide_escalation(scene: Scene) -> None:
    escalation.decide_escalation(
        scene.pk,
        version=None,
        actor=scene.actor,
        approved=scene.values["decision"] == "approved",
        reason=scene.values["reason"],
    )


def countersign(scene: Scene) -> None:
    escalation.countersign(
        scene.pk,
        version=None,
        actor=scene.actor,
        agrees=scene.values["result"] == "countersigned",
        opinion=scene.values["opinion"],
    )


def review(scene: Scene) -> None:
    audit.review_at_once(
        scene.pk,
        actor=scene.actor,
        reasons=scene.values["sample_reason"],
        conclusions=scene.values["conclusions"],
        findings=[{**finding, "owner": person(finding["owner"])} for finding in scene.values["findings"]],
    )


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
    "withdraw": _plain(escalation.withdraw, who="who", how="how"),
}
