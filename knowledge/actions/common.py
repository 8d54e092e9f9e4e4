"""What every write of an article shares."""

from __future__ import annotations

from django.utils.translation import gettext as _

from base.clock import now
from knowledge.models import ArticleVersion, KnowledgeArticle
from ledger.actions import RecordChange
from ledger.canonical import canonical, digest
from ledger.exceptions import Invalid
from search.actions import index

CLAUSE, FIRST = "5.4.4", "1.0"


def check(values: dict[str, object]) -> None:
    """Raise `Invalid` with what is missing, or where author and reviewer are one person."""
    missing = {
        name: [_("This is missing.")]
        for name in ("title", "categories", "symptom", "solution_steps", "version_label")
        if not values[name]
    }
    if values["author"] == values["reviewer"]:
        missing["reviewer"] = [_("Somebody else than the author reviews an article.")]
    if missing:
        raise Invalid(missing, clause=CLAUSE)


def freeze(opened: RecordChange[KnowledgeArticle]) -> None:
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
