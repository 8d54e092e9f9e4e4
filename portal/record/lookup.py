"""What the knowledge base offers for a record: articles, also expired ones, and like cases (5.4.4)."""

from __future__ import annotations

from typing import Any

from incidents.models import Declaration
from knowledge.queries import suggest
from portal.queries.cases import like_cases

LONGEST = 200


def context(request: Any, declaration: Declaration, verb: str, form: Any) -> dict[str, Any]:
    """The subject is the first query; `q` searches again."""
    asked = (request.GET.get("q") or request.POST.get("query") or declaration.subject).strip()[:LONGEST]
    articles = suggest(asked, leaf=declaration.leaf or None, limit=6, actor=form.actor)
    cases = [case for case in like_cases(form.actor, asked) if case.pk != declaration.pk]
    # One of the two is needed; the form alone cannot know which.
    form.fields["reason"].required = True
    hits = [found.article.code for found in articles] + [case.number for case in cases]
    return {"asked": asked, "articles": articles, "cases": cases, "hits": "\n".join(hits)}
