"""Bringing articles into force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from accounts.actors import Actor, local_day
from accounts.models import Department, User
from base.clock import now
from knowledge.access import may_publish
from knowledge.actions.common import CLAUSE, check, freeze
from knowledge.models import KnowledgeArticle
from ledger.actions import attempt, create, step
from ledger.exceptions import Invalid, NotPermitted

Status = KnowledgeArticle.Status


def publish(
    *,
    actor: Actor,
    code: str,
    title: str,
    categories: Sequence[str],
    keywords: Sequence[str],
    symptom: str,
    solution_steps: Sequence[str],
    author: User,
    reviewer: User,
    department: Department | None = None,
    version_label: str = "1.0",
    valid_until: date | None = None,
    version: int | None = None,
) -> KnowledgeArticle:
    """Bring an article, or a new version of it, into force; the version is frozen and findable at once.

    A `version_label` that the article has had already is refused. `valid_until` is the last day in China; one that
    has passed makes an article that is shown but cannot be adopted.
    """
    values = {
        "title": title.strip(),
        "categories": list(categories),
        "keywords": list(keywords),
        "symptom": symptom.strip(),
        "solution_steps": [text.strip() for text in solution_steps if text.strip()],
        "author": author,
        "reviewer": reviewer,
        "department": department,
        "version_label": version_label,
        "valid_until": valid_until,
        "published_at": now(),
        "status": Status.VALID if valid_until is None or valid_until >= local_day(now()) else Status.EXPIRED,
    }
    with attempt(
        actor.signature(), action="publish_article", stream=f"{KnowledgeArticle.stream_kind}:{code}", clause=CLAUSE
    ):
        if not may_publish(actor):
            raise NotPermitted(_("Heads of department publish articles. Ask yours."), clause=CLAUSE)
        check(values)
        present = KnowledgeArticle.objects.filter(code=code).first()
        if present is None:
            return _publish_first(actor, KnowledgeArticle(code=code, **values))
        return _publish_again(actor, present.pk, values, version)


def _publish_first(actor: Actor, article: KnowledgeArticle) -> KnowledgeArticle:
    with create(article, signature=actor.signature(), action="publish_article", clause=CLAUSE) as opened:
        freeze(opened)
    return article


def _publish_again(actor: Actor, pk: int, values: dict[str, object], version: int | None) -> KnowledgeArticle:
    with step(
        KnowledgeArticle,
        pk,
        version=version,
        signature=actor.signature(),
        action="publish_article",
        clause=CLAUSE,
    ) as opened:
        if opened.record.versions.filter(version_label=values["version_label"]).exists():
            raise Invalid({"version_label": [_("This version is published already. Give the new one its own label.")]})
        for name, value in values.items():
            setattr(opened.record, name, value)
        freeze(opened)
    return opened.record
