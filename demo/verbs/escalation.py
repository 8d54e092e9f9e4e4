"""Requests of all kinds, and who decides them (clauses 5.4.2 and 5.4.5)."""

from __future__ import annotations

from datetime import date

from django.utils.timezone import localdate

from base.clock import now
from demo.verbs.scene import Scene
from escalation import actions as escalation
from escalation.models import Problem
from incidents import actions


def complete_request(scene: Scene) -> None:
    actions.complete_request(
        scene.pk,
        version=None,
        actor=scene.actor,
        result=scene.values["result"],
        completed_on=_day(scene.values.get("completed_on")),
    )


def _day(text: str | None) -> date:
    return date.fromisoformat(text) if text else localdate(now())


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


def acknowledge_problem(scene: Scene) -> None:
    problem = Problem.objects.get(declaration=scene.pk)
    escalation.acknowledge_problem(problem.pk, version=None, actor=scene.actor, reference=scene.values["problem"])
