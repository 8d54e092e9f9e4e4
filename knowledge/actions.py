"""Every write of the knowledge base."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actors import SYSTEM, Actor, local_day
from accounts.models import Department, User
from base.clock import now
from base.heartbeat import beat
from knowledge.access import may_publish
from knowledge.models import ArticleVersion, KnowledgeArticle
from knowledge.queries import drafted_from
from ledger.actions import Step, attempt, create, step
from ledger.canonical import canonical, digest
from ledger.exceptions import Invalid, NotPermitted, NotPossible
from search.actions import index

CLAUSE, FIRST = "5.4.4", "1.0"
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
        _check(values)
        present = KnowledgeArticle.objects.filter(code=code).first()
        if present is None:
            return _publish_first(actor, KnowledgeArticle(code=code, **values))
        return _publish_again(actor, present.pk, values, version)


def draft(
    *,
    actor: Actor,
    source: str,
    title: str,
    categories: Sequence[str],
    keywords: Sequence[str],
    symptom: str,
    solution_steps: Sequence[str],
    department: Department | None,
    reviewer: User | None,
) -> KnowledgeArticle:
    """Write down an own solution as a draft (R-5.4.4-9); nobody but author and reviewer sees it before it is published.

    `source` is the number of the record that it came of, of which there is one draft: its code follows from it, so of
    two who write at once one is refused.
    """
    values: dict[str, object] = {
        "title": title.strip(),
        "categories": list(categories),
        "symptom": symptom.strip(),
        "solution_steps": [text.strip() for text in solution_steps if text.strip()],
    }
    article = KnowledgeArticle(
        code=f"KB-{source.partition('-')[2]}",
        source=source,
        keywords=list(keywords),
        author=actor.user,
        reviewer=reviewer,
        department=department,
        version_label=FIRST,
        **values,
    )
    drafted = NotPossible(_("An article has been drafted from this record already."), clause=CLAUSE)
    with attempt(
        actor.signature(),
        action="draft_article",
        stream=f"{KnowledgeArticle.stream_kind}:{article.code}",
        clause=CLAUSE,
    ):
        if actor.user is None:
            raise NotPermitted(_("Staff write articles. Sign in first."), clause=CLAUSE)
        if drafted_from(source) is not None:
            raise drafted
        _check({**values, "version_label": FIRST, "author": actor.user, "reviewer": reviewer})
        try:
            with create(article, signature=actor.signature(), action="draft_article", clause=CLAUSE):
                return article
        except IntegrityError as error:
            raise drafted from error


def expire_overdue(at: datetime) -> int:
    """Mark as expired what was valid until a day before that of `at` in China; safe at any time and twice."""
    overdue = KnowledgeArticle.objects.filter(status=Status.VALID, valid_until__lt=local_day(at))
    expired = sum(_expire(pk, at) for pk in overdue.values_list("pk", flat=True))
    beat("articles")
    return expired


def _expire(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        # Another worker may have been first, or a new version may have come.
        article = KnowledgeArticle.objects.select_for_update().get(pk=pk)
        if article.status != Status.VALID or article.usable_on(local_day(at)):
            return False
        with step(
            KnowledgeArticle, pk, version=None, signature=SYSTEM.signature(), action="expire_article", clause=CLAUSE
        ) as opened:
            opened.record.status = Status.EXPIRED
    return True


def _publish_first(actor: Actor, article: KnowledgeArticle) -> KnowledgeArticle:
    with create(article, signature=actor.signature(), action="publish_article", clause=CLAUSE) as opened:
        _freeze(opened)
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
        _freeze(opened)
    return opened.record


def _check(values: dict[str, object]) -> None:
    missing = {
        name: [_("This is missing.")]
        for name in ("title", "categories", "symptom", "solution_steps", "version_label")
        if not values[name]
    }
    if values["author"] == values["reviewer"]:
        missing["reviewer"] = [_("Somebody else than the author reviews an article.")]
    if missing:
        raise Invalid(missing, clause=CLAUSE)


def _freeze(opened: Step[KnowledgeArticle]) -> None:
    """Keep what is published as a version of its own, and let it be found."""
    article = opened.record
    content = article.content()
    at = article.published_at or now()
    opened.add(
        ArticleVersion(
            article=article,
            version_label=article.version_label,
            content=content,
            sha256=digest(canonical(content)),
            published_at=at,
        )
    )
    make_findable(article)


def make_findable(article: KnowledgeArticle) -> None:
    """Let the article be found by title, keywords, code, categories, symptom and steps, from its publication."""
    index(
        KnowledgeArticle.stream_kind,
        article.pk,
        title=" ".join([article.title, *article.keywords]),
        text=" ".join([article.code, *article.categories, article.symptom, *article.solution_steps]),
        at=article.published_at or now(),
    )
