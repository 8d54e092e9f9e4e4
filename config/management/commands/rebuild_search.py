"""Make everything findable anew, after a version that compares texts in another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import QuerySet

from accounts.actions.customers import make_findable as make_customer_findable
from accounts.models import Customer
from incidents.actions.finding import make_findable, make_solution_findable
from incidents.models import Declaration
from knowledge.actions import make_findable as make_article_findable
from knowledge.models import KnowledgeArticle
from sla.actions.contracts import make_findable as make_contract_findable
from sla.models import Contract

EVERY = 200


class Command(BaseCommand):
    help = "Make all records, customers, contracts and articles findable anew. Safe to run at work, and again."

    def handle(self, *args: Any, **options: Any) -> None:
        records = Declaration.objects.select_related("customer").order_by("pk")
        self._each("customers", Customer.objects.order_by("pk"), make_customer_findable)
        self._each("contracts", Contract.objects.order_by("pk"), make_contract_findable)
        self._each("articles", KnowledgeArticle.objects.exclude(published_at=None), make_article_findable)
        self._each("records", records, make_findable)
        self._each("solutions", records.exclude(closed_at=None), make_solution_findable)

    def _each(self, name: str, rows: QuerySet[Any], make: Callable[[Any], None]) -> None:
        total = rows.count()
        for position, row in enumerate(rows.iterator(chunk_size=EVERY), 1):
            make(row)
            if position % EVERY == 0:
                self.stdout.write(f"\r{name} {position}/{total}", ending="")
                self.stdout.flush()
        self.stdout.write(f"\r{name} {total}/{total}")
