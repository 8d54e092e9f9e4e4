"""Reads of the knowledge base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts.actors import SYSTEM, Actor, local_day
from accounts.models import User
from base.clock import now
from knowledge import access
from knowledge.models import ArticleVersion, KnowledgeArticle
from search.queries import like, matching

Status = KnowledgeArticle.Status
SAME_LEAF = 1.5
EXPIRED = 0.5
WIDER = 4
# So long before and after its last day somebody is asked to read an article again.
RENEWAL = timedelta(days=30)


@dataclass(frozen=True)
class Suggestion:
    """An article that may fit; one that is not `usable` says why, and is shown all the same."""

    article: KnowledgeArticle
    version: ArticleVersion
    usable: bool
    why_not: str
    score: float


@dataclass(frozen=True)
class Reading:
    """One version of an article for its page; `why_not` is why it cannot be adopted."""

    article: KnowledgeArticle
    content: dict[str, Any]
    published_at: datetime | None
    is_current: bool
    why_not: str
    versions: list[ArticleVersion]


def suggest(text: str, *, leaf: str | None = None, limit: int = 5, actor: Actor | None = None) -> list[Suggestion]:
    """The published articles that resemble `text`, those of the category `leaf` preferred, usable ones before expired.

    Where the text resembles fewer than `limit`, other articles of the leaf follow. At most five statements of
    bounded cost. Without an `actor`, what all staff may read.
    """
    readable = access.published(actor or SYSTEM)
    scores = dict(like(KnowledgeArticle.stream_kind, text, limit=limit * WIDER, keys=readable.values("pk")))
    if leaf:
        of_leaf = _in_category(readable, leaf).order_by("-published_at", "pk")[: limit * WIDER]
        scores |= {pk: scores.get(pk, 0.0) * SAME_LEAF for pk in of_leaf.values_list("pk", flat=True)}
    found = [_suggestion(version, scores[version.article_id]) for version in _current_versions(scores)]
    return sorted(found, key=lambda one: (-one.score, not one.usable, one.article.code))[:limit]


def usable_version(version: ArticleVersion) -> bool:
    """Whether a record may adopt it now: the current version of an article that is valid today (R-5.4.4-3)."""
    article = version.article
    return version.version_label == article.version_label and article.usable_on(local_day(now()))


def version_for_adoption(actor: Actor, code: str) -> ArticleVersion | None:
    """The current version of the published article with that number, if `actor` may read it; it may have expired."""
    return _current().filter(article__in=access.published(actor), article__code=code).first()


def drafted_from(source: str) -> KnowledgeArticle | None:
    """The article that was drafted from the record with that number; one row by `article_source`."""
    return KnowledgeArticle.objects.filter(source=source).exclude(source="").order_by("pk").first()


def waiting_for_reviewer(reviewer: User | None, day: date) -> QuerySet[KnowledgeArticle]:
    """Articles that wait for that person's approval, and those whose end lies within `RENEWAL` of `day`, to be
    read again; by `article_of_reviewer`."""
    proposed = Q(status=Status.IN_REVIEW)
    ends = Q(status__in=KnowledgeArticle.PUBLISHED, valid_until__range=(day - RENEWAL, day + RENEWAL))
    found = KnowledgeArticle.objects.filter(proposed | ends, reviewer=reviewer, reviewer__isnull=False)
    return found.select_related("author").order_by("valid_until", "pk")


def earlier_reviewers(author: User) -> list[int]:
    """Who approved what that person wrote, the last one first; one query by the index of the author."""
    asked = KnowledgeArticle.objects.filter(author=author, reviewer__isnull=False).order_by("-pk")
    return list(dict.fromkeys(asked.values_list("reviewer", flat=True)[:20]))


def articles_ending(day: date) -> QuerySet[KnowledgeArticle]:
    """What may still be adopted on `day`, and not for longer than `RENEWAL`, the first to end first; by
    `article_expiry`."""
    found = KnowledgeArticle.objects.filter(status=Status.VALID, valid_until__range=(day, day + RENEWAL))
    return found.order_by("valid_until", "code")


def articles_expired(day: date) -> QuerySet[KnowledgeArticle]:
    """What was published and may not be adopted on `day` any more, whether the expiry has run or not, the first to
    end first; a walk over the articles, which are few."""
    outlived = Q(status=Status.VALID, valid_until__lt=day)
    return KnowledgeArticle.objects.filter(outlived | Q(status=Status.EXPIRED)).order_by("valid_until", "code")


def article_list(actor: Actor, *, text: str = "", leaf: str = "", status: str = "") -> QuerySet[KnowledgeArticle]:
    """The articles that `actor` may see; with search over the index and filters by category and status.

    `status` "valid" and "expired" go by the day, whether the expiry has run or not. A category is looked for in
    every article's list, which is fine for some thousands of them.
    """
    found = access.articles(actor).select_related("author", "department")
    keys = matching(KnowledgeArticle.stream_kind, text) if text else None
    if keys is not None:
        found = found.filter(pk__in=keys)
    elif text.strip():
        found = found.none()
    if leaf:
        found = _in_category(found, leaf)
    return _with_status(found, status)


def _with_status(found: QuerySet[KnowledgeArticle], status: str) -> QuerySet[KnowledgeArticle]:
    outlived = Q(status=Status.VALID, valid_until__lt=local_day(now()))
    if status == Status.VALID:
        return found.filter(status=Status.VALID).exclude(outlived)
    if status == Status.EXPIRED:
        return found.filter(outlived | Q(status=Status.EXPIRED))
    return found.filter(status=status) if status else found


def reading(article: KnowledgeArticle, label: str = "") -> Reading | None:
    """The article as its version `label` froze it, by default the current one; None without such a version.

    A draft that was never published reads as it stands. One query.
    """
    published = list(article.versions.order_by("-published_at", "-pk"))
    wanted = label or article.version_label
    chosen = next((version for version in published if version.version_label == wanted), None)
    if chosen is None and (label or published):
        return None
    current = not label or label == article.version_label
    return Reading(
        article=article,
        content=chosen.content if chosen else article.content(),
        published_at=chosen.published_at if chosen else None,
        is_current=current,
        why_not=why_not_usable(article) if current else _("Replaced by version %s") % article.version_label,
        versions=published,
    )


def _in_category(found: QuerySet[KnowledgeArticle], leaf: str) -> QuerySet[KnowledgeArticle]:
    """Through the text of the list, as SQLite cannot look into JSON lists."""
    return found.annotate(category_text=Cast("categories", TextField())).filter(category_text__contains=f'"{leaf}"')


def _current() -> QuerySet[ArticleVersion]:
    """The version of each article that is in force."""
    return ArticleVersion.objects.filter(version_label=F("article__version_label")).select_related("article")


def _current_versions(keys: Sequence[int] | dict[int, float]) -> QuerySet[ArticleVersion]:
    return _current().filter(article__in=list(keys))


def _suggestion(version: ArticleVersion, score: float) -> Suggestion:
    usable = usable_version(version)
    return Suggestion(
        article=version.article,
        version=version,
        usable=usable,
        why_not="" if usable else why_not_usable(version.article),
        score=score if usable else score * EXPIRED,
    )


def why_not_usable(article: KnowledgeArticle) -> str:
    """The sentence beside an article that cannot be adopted; it is empty for a usable one."""
    if article.usable_on(local_day(now())):
        return ""
    if article.status in KnowledgeArticle.PUBLISHED and article.valid_until:
        return _("Expired on %(day)s, cannot be adopted") % {"day": article.valid_until.isoformat()}
    return _("Not in force, cannot be adopted")
