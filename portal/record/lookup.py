"""What the knowledge base offers for a record: articles, also expired ones, and like cases (5.4.4)."""

from __future__ import annotations

from typing import Any

from accounts.acting import Actor
from incidents.models import Declaration
from knowledge.queries import suggest
from portal.queries.cases import like_cases

LONGEST = 200


def context(request: Any, declaration: Declaration, verb: str, form: Any) -> dict[str, Any]:
    """The subject is the first query; `q` searches again."""
    # One of the two is needed; the form alone cannot know which.
    form.fields["reason"].required = True
    return offers(form.actor, declaration, request.GET.get("q") or request.POST.get("query") or "")


def offers(
    actor: Actor, declaration: Declaration, text: str, *, leaf: str = "", articles: int = 6, cases: int = 4
) -> dict[str, Any]:
    """Articles and closed incidents that resemble `text`, without one the subject; at most nine statements."""
    asked = (text.strip() or declaration.subject)[:LONGEST]
    found = suggest(asked, leaf=leaf or declaration.leaf or None, limit=articles, actor=actor)
    like = [case for case in like_cases(actor, asked, limit=cases) if case.pk != declaration.pk]
    hits = [one.article.code for one in found] + [case.number for case in like]
    return {"asked": asked, "articles": found, "cases": like, "hits": "\n".join(hits)}
