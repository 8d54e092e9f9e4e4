"""The end of what articles are valid for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actors import SYSTEM, local_day
from base.heartbeat import beat
from knowledge.actions.common import CLAUSE
from knowledge.models import KnowledgeArticle
from ledger.actions import step

Status = KnowledgeArticle.Status


def expire_overdue(at: datetime) -> int:
    """Mark as expired what was valid until a day before that of `at` in China; safe at any time and twice."""
    overdue = KnowledgeArticle.objects.filter(status=Status.VALID, valid_until__lt=local_day(at))
    expired = sum(_expire(pk, at) for pk in overdue.values_list("pk", flat=True))
    beat("articles")
    return expired


def _expire(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        # Another worker may have been first, or a new version may have come.
        article = KnowledgeArticle.objects.select_for_update().get(pk=pk)
        if article.status != Status.VALID or article.usable_on(local_day(at)):
            return False
        with step(
            KnowledgeArticle, pk, version=None, signature=SYSTEM.signature(), action="expire_article", clause=CLAUSE
        ) as opened:
            opened.record.status = Status.EXPIRED
    return True
