"""From the call to the level (clauses 5.4.1 to 5.4.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from accounts.models import Customer
from demo.verbs.scene import Scene, Values, contact, moment, person, told
from incidents import actions
from incidents.models import Declaration
from sla.models import Contract


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
        no_file_reason=values.get("no_file_reason", ""),
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
        _register(actions.accept, scene)


def relay(scene: Scene) -> None:
    _register(actions.relay, scene)


def _register(action: Callable[..., Declaration], scene: Scene) -> None:
    action(
        _call(scene),
        actor=scene.actor,
        idempotency_key=f"demo:{scene.call['ref']}",
        answered_live=scene.values.get("answered_live", False),
    )


def respond(scene: Scene) -> None:
    values = scene.values
    actions.respond(
        scene.pk,
        version=None,
        actor=scene.actor,
        way=values["way"],
        text=values["text"],
        responded_at=moment(values.get("responded_at")),
        **told(values["to"]),
    )


def communicate(scene: Scene) -> None:
    values = scene.values
    actions.communicate(
        scene.pk, version=None, actor=scene.actor, way=values["way"], text=values["text"], **told(values["to"])
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
            duplicate_of=_duplicated(scene),
            caller_told=values.get("caller_told", False),
            **common,
        )
    else:
        actions.hand_over(
            scene.pk, type=verdict, receiver=person(values["receiver"]), content=values["content"], **common
        )


def _duplicated(scene: Scene) -> Declaration | None:
    earlier = scene.values.get("duplicate_of")
    return Declaration.objects.get(pk=scene.find(earlier)) if earlier else None


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
