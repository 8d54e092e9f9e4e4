"""From the solution to the review (clauses 5.4.7 and 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from audit import actions as audit
from audit.models import Finding
from base.clock import now
from demo.verbs.scene import Scene, contact, named, person
from incidents import actions
from incidents.models import SolutionKind


def resolve(scene: Scene) -> None:
    values = scene.values
    actions.resolve(
        scene.pk,
        version=None,
        actor=scene.actor,
        cause=values["cause"],
        solution=values["solution"],
        solution_kind=values.get("solution_kind", SolutionKind.PERMANENT),
        supporters=named(values["supporters"]),
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


def review(scene: Scene) -> None:
    audit.review_at_once(
        scene.pk,
        actor=scene.actor,
        reasons=scene.values["sample_reason"],
        conclusions=scene.values["conclusions"],
        findings=[_finding(**finding) for finding in scene.values["findings"]],
    )


def _finding(owner: str, due: str = "", due_in_days: int = 0, **told: str) -> dict[str, Any]:
    day = due or (localdate(now()) + timedelta(days=due_in_days)).isoformat()
    return {**told, "owner": person(owner), "due": day}


def correct_finding(scene: Scene) -> None:
    values = scene.values
    audit.correct_finding(
        _finding_of(scene),
        version=None,
        actor=scene.actor,
        cause=values["cause"],
        action=values["action"],
        correction=values["correction"],
    )


def verify_finding(scene: Scene) -> None:
    audit.verify_finding(_finding_of(scene), version=None, actor=scene.actor, holds=True)


def _finding_of(scene: Scene) -> int:
    """The one finding of the declaration's review."""
    return Finding.objects.get(review__declaration=scene.pk).pk
