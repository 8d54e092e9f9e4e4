"""What the pages of articles share."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

from accounts.actors import local_day
from base.clock import now
from knowledge.models import KnowledgeArticle
from procedure.queries import Leaf, NoProcedure, in_force, rules

LOOKS = {
    KnowledgeArticle.Status.DRAFT: ("grey", "pencil"),
    KnowledgeArticle.Status.IN_REVIEW: ("violet", "hourglass"),
    KnowledgeArticle.Status.VALID: ("green", "circle-check"),
    KnowledgeArticle.Status.EXPIRED: ("amber", "alert-triangle"),
    KnowledgeArticle.Status.WITHDRAWN: ("grey", "circle-minus"),
}


def mark_of(article: KnowledgeArticle) -> tuple[str | Promise, str, str]:
    """Word, tone and icon of the status as it is today."""
    status = KnowledgeArticle.Status(article.status)
    if status == status.VALID and not article.usable_on(local_day(now())):
        status = KnowledgeArticle.Status.EXPIRED
    return status.label, *LOOKS[status]


def leaves() -> Mapping[str, Leaf]:
    """The leaves of the tree in force by their code; none before the first version of the procedure."""
    try:
        return rules(in_force(local_day(now())).pk).leaves
    except NoProcedure:
        return {}


def leaf_name(leaves: Mapping[str, Leaf], code: str) -> str:
    """An article may name a leaf of an older tree, which is then shown by its code."""
    return str(leaves[code].name) if code in leaves else code
