"""Articles whose author leaves the firm before they are published."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.access import require_grant_roles
from accounts.actors import Actor
from accounts.models import User
from accounts.queries import colleagues
from knowledge.actions.common import CLAUSE
from knowledge.models import KnowledgeArticle
from ledger.actions import step
from ledger.exceptions import Invalid, NotPossible

Status = KnowledgeArticle.Status


def hand_on_draft(pk: int, *, actor: Actor, leaver: User, to: User) -> KnowledgeArticle:
    """Give what the leaver has not finished, or waits for approval, to another author, who goes on with it.

    A draft that the new author once reviewed asks for another reviewer when it is proposed. Raises `Invalid` for
    somebody who may not sign in or is asked to approve it just now, `NotPossible` for an article that is published or
    somebody else's by now.
    """
    with step(
        KnowledgeArticle, pk, version=None, signature=actor.signature(), action="hand_on_draft", clause=CLAUSE
    ) as opened:
        opened.signature = actor.signature(require_grant_roles(actor, leaver))
        _require_unfinished(opened.record, leaver)
        _require_other_hand(opened.record, leaver, to)
        opened.record.set(author=to, reviewer=None if opened.record.reviewer == to else opened.record.reviewer)
    return opened.record


def _require_unfinished(article: KnowledgeArticle, leaver: User) -> None:
    if article.author_id != leaver.pk or article.status not in KnowledgeArticle.UNFINISHED:
        raise NotPossible(_("%(code)s is no draft of this person any more.") % {"code": article.code}, clause=CLAUSE)


def _require_other_hand(article: KnowledgeArticle, leaver: User, to: User) -> None:
    if not colleagues(leaver).filter(pk=to.pk).exists():
        raise Invalid({"author": [_("%(name)s may not sign in. Choose somebody else.") % {"name": to.name}]})
    if article.status == Status.IN_REVIEW and article.reviewer_id == to.pk:
        sentence = _("%(name)s is asked to approve %(code)s. Choose somebody else to go on with it.")
        raise Invalid({"author": [sentence % {"name": to.name, "code": article.code}]})
