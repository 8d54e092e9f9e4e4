"""Who may see which article, and who may publish one."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import Role
from knowledge.models import KnowledgeArticle

PUBLISHERS = (Role.DEPARTMENT_HEAD, Role.DOCUMENT_OWNER)


def articles(actor: Actor) -> QuerySet[KnowledgeArticle]:
    """Every article that `actor` may see: published ones for all staff, others for their author and reviewer."""
    if actor.is_system:
        return KnowledgeArticle.objects.all()
    if actor.user is None:
        return KnowledgeArticle.objects.none()
    own = Q(author=actor.user) | Q(reviewer=actor.user)
    return KnowledgeArticle.objects.filter(Q(status__in=KnowledgeArticle.PUBLISHED) | own)


def published(actor: Actor) -> QuerySet[KnowledgeArticle]:
    """What is suggested to `actor` and can be looked up: valid and expired articles, never drafts."""
    return articles(actor).filter(status__in=KnowledgeArticle.PUBLISHED)


def may_see(actor: Actor, article: KnowledgeArticle) -> bool:
    """Whether the article is among `articles(actor)`; no query."""
    if actor.is_system or article.status in KnowledgeArticle.PUBLISHED:
        return actor.is_system or actor.user is not None
    return actor.user is not None and actor.user.pk in (article.author_id, article.reviewer_id)


def article_for_reading(actor: Actor, code: str) -> KnowledgeArticle | None:
    """The article with that number if `actor` may see it; None both when it is not there and when it is not his."""
    return articles(actor).select_related("author", "reviewer", "department").filter(code=code).first()


def may_publish(actor: Actor) -> bool:
    """Heads of department and the document owner publish; the system does when it loads a collection."""
    return actor.is_system or any(actor.holds(role) for role in PUBLISHERS)
