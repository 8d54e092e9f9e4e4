"""What the knowledge base offers for a record: articles, also expired ones, and like cases (5.4.4)."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from incidents.models import Declaration
from incidents.queries.similar import known

LONGEST = 200


def context(request: Any, declaration: Declaration, verb: str, form: Any) -> dict[str, Any]:
    """The subject is the first query; `q` searches again."""
    # One of the two is needed; the form alone cannot know which.
    form.fields["reason"].required = True
    return offers(form.actor, declaration, request.GET.get("q") or request.POST.get("query") or "")


def offers(actor: Actor, declaration: Declaration, text: str, *, leaf: str = "", few: bool = False) -> dict[str, Any]:
    """What `known` finds for `text`, without one for the subject."""
    query = (text.strip() or declaration.subject)[:LONGEST]
    return vars(known(actor, declaration, query, leaf=leaf, few=few))
