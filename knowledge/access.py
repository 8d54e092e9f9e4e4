"""Who may see which article, and who may publish one."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Held, local_day
from accounts.models import Role, RoleGrant, User
from base.clock import now
from knowledge.models import KnowledgeArticle
from ledger.exceptions import NotPermitted, Sentence

PUBLISHERS = (Role.DEPARTMENT_HEAD, Role.DOCUMENT_OWNER)
Status = KnowledgeArticle.Status
PUBLISHERS_ONLY: Sentence = _("Heads of department and the document owner publish articles. Ask yours.")
OWN_ARTICLE: Sentence = _("Nobody approves the own article. Ask another head or the document owner.")


def articles(actor: Actor) -> QuerySet[KnowledgeArticle]:
    """Every article that `actor` may see: what is or was published for all staff, since records name it; the others
    for their author and reviewer."""
    if actor.is_system:
        return KnowledgeArticle.objects.all()
    if actor.user is None:
        return KnowledgeArticle.objects.none()
    own = Q(author=actor.user) | Q(reviewer=actor.user)
    was_published = Q(status=Status.WITHDRAWN, published_at__isnull=False)
    return KnowledgeArticle.objects.filter(Q(status__in=KnowledgeArticle.PUBLISHED) | was_published | own)


def published(actor: Actor) -> QuerySet[KnowledgeArticle]:
    """What is suggested to `actor` and can be looked up: valid and expired articles, never drafts."""
    return articles(actor).filter(status__in=KnowledgeArticle.PUBLISHED)


def may_see(actor: Actor, article: KnowledgeArticle) -> bool:
    """Whether the article is among `articles(actor)`; no query."""
    if actor.is_system or article.status in KnowledgeArticle.PUBLISHED or _was_withdrawn(article):
        return actor.is_system or actor.user is not None
    return actor.user is not None and actor.user.pk in (article.author_id, article.reviewer_id)


def article_for_reading(actor: Actor, code: str) -> KnowledgeArticle | None:
    """The article with that number; None both where there is none and where `actor` may not see it."""
    return articles(actor).select_related("author", "reviewer", "department").filter(code=code).first()


def may_publish(actor: Actor) -> bool:
    """Heads of department and the document owner publish; the system does when it loads a collection."""
    return actor.is_system or any(actor.holds(role) for role in PUBLISHERS)


def reviewers(author: User | None) -> QuerySet[User]:
    """Who may approve what that person wrote: everybody else who publishes; by employee number."""
    held = RoleGrant.objects.in_force(local_day(now())).filter(role__in=PUBLISHERS)
    found = User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("employee_number")
    return found if author is None else found.exclude(pk=author.pk)


def may_write(actor: Actor) -> bool:
    """Everybody on staff writes articles."""
    return actor.user is not None


def require_publisher(actor: Actor, article: KnowledgeArticle) -> Held:
    """The grant under which the actor publishes what somebody else wrote; raises `NotPermitted`."""
    held = _publishes_for(actor, article)
    if held is None:
        sentence = OWN_ARTICLE if _publisher(actor) else PUBLISHERS_ONLY
        raise NotPermitted(sentence, clause="5.4.4")
    return held


def require_author(actor: Actor, article: KnowledgeArticle) -> None:
    """Raise `NotPermitted` for everybody but the author."""
    if actor.user is None or actor.user.pk != article.author_id:
        raise NotPermitted(_("Only the author changes a draft. Ask them, or write an article of your own."))


def require_withdraw(actor: Actor, article: KnowledgeArticle) -> Held | None:
    """The publisher's grant for what was published once; the author needs none for the own draft."""
    if article.published_at is None:
        require_author(actor, article)
        return None
    held = _publisher(actor)
    if held is None:
        raise NotPermitted(PUBLISHERS_ONLY, clause="5.4.4")
    return held


def _publisher(actor: Actor) -> Held | None:
    return next((held for role in PUBLISHERS if (held := actor.holds(role))), None)


def _publishes_for(actor: Actor, article: KnowledgeArticle) -> Held | None:
    return None if actor.user is not None and actor.user.pk == article.author_id else _publisher(actor)


def _was_withdrawn(article: KnowledgeArticle) -> bool:
    return article.status == Status.WITHDRAWN and article.published_at is not None
