"""Handling, waiting and warning (clauses 5.4.4 and 5.4.6)."""

from __future__ import annotations

from accounts.models import Contact, User
from demo.verbs.scene import Scene, Values, contact, moment, named
from escalation import actions as escalation
from incidents import actions
from knowledge.models import ArticleVersion


def look_up(scene: Scene) -> None:
    values = scene.values
    adopted = None
    if values["result"] == "adopt":
        adopted = _version(values)
    actions.look_up(
        scene.pk,
        version=None,
        actor=scene.actor,
        query=values["query"],
        article=adopted,
        reason=values.get("reason") or "",
    )


def _version(values: Values) -> ArticleVersion:
    """The one that is named, else the newest."""
    versions = ArticleVersion.objects.filter(article__code=values["article"])
    return versions.get(version_label=values["version"]) if "version" in values else versions.latest("pk")


def record_visit(scene: Scene) -> None:
    values = scene.values
    arrival = moment(values["arrival"])
    assert arrival is not None
    actions.record_visit(
        scene.pk,
        version=None,
        actor=scene.actor,
        who=named(values["who"]),
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
