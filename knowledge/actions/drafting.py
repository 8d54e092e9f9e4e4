"""Drafts of articles."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Department, User
from knowledge.actions.common import CLAUSE, FIRST, check
from knowledge.models import KnowledgeArticle
from knowledge.queries import drafted_from
from ledger.actions import attempt, create
from ledger.exceptions import NotPermitted, NotPossible


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
        check({**values, "version_label": FIRST, "author": actor.user, "reviewer": reviewer})
        try:
            with create(article, signature=actor.signature(), action="draft_article", clause=CLAUSE):
                return article
        except IntegrityError as error:
            raise drafted from error
