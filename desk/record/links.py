"""What a record leads to: the call that follows it, the records beside it, and the article that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import BigIntegerField, Q, QuerySet
from django.urls import reverse

from accounts.actors import Actor
from base.compiled import Parameter
from desk.record.drafting import may_draft
from incidents.access import capacities, seen_rows
from incidents.models import Capacity, Declaration, State
from incidents.models.guards import MAY_REOPEN
from knowledge.access import may_see
from knowledge.models import KnowledgeArticle
from knowledge.queries import drafted_from
from record_form.reading import Reading

MOST_LINKS = 20


@dataclass(frozen=True)
class RecordLink:
    """A record beside this one; `earlier` is the one that this one follows."""

    number: str
    subject: str
    state: str
    earlier: bool


@dataclass(frozen=True)
class Lesson:
    """The article that came of the record, or where one is drafted."""

    article: KnowledgeArticle | None = None
    draft_url: str = ""


def follow_up(actor: Actor, d: Declaration) -> str:
    """Where its desk logs what can no longer be reopened; empty while it can, or for others (R-5.4.7-4)."""
    over = d.state == State.FILED or (d.state == State.CLOSED and not MAY_REOPEN(d))
    if not over or Capacity.DESK not in capacities(actor, d):
        return ""
    return f"{reverse('register')}?{urlencode({'linked': d.number})}"


def links(actor: Actor, d: Declaration) -> list[RecordLink]:
    """The record that it follows and those that follow it, as far as the reader may see them; one statement."""
    rows = seen_rows(actor, _beside, key=d.pk, earlier=d.linked_to_id)
    return [RecordLink(number, subject, state, pk == d.linked_to_id) for pk, number, subject, state in rows]


def _beside(seen: QuerySet[Declaration]) -> QuerySet[Declaration, Any]:
    key, earlier = Parameter("key", BigIntegerField()), Parameter("earlier", BigIntegerField())
    found = seen.filter(Q(pk=earlier) | Q(linked_to=key)).order_by("pk")
    return found.values_list("pk", "number", "subject", "state")[:MOST_LINKS]


def lesson(actor: Actor, reading: Reading) -> Lesson:
    """What was or can be written down of an own solution (R-5.4.4-9); one statement from solving to closing."""
    d = reading.declaration
    if d.resolved_at is None or d.article_code:
        return Lesson()
    article = reading.drafted if d.closed_at else drafted_from(d.number)
    if article is not None or not may_draft(actor, d):
        return Lesson(article if article and may_see(actor, article) else None)
    return Lesson(draft_url=reverse("record-draft", args=[d.number]))
