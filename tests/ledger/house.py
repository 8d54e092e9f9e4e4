"""A small house of its own, in a registry of its own, so that the ledger's tests need no upper floor."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.apps.registry import Apps
from django.db import models
from django_fsm import FSMField, FSMModelMixin, transition

from ledger.guards import Frozen, FrozenWith
from ledger.models import Record, Versioned

HOUSE = Apps(["tests.ledger.house"])


class Order(FSMModelMixin, Record):
    """Open, closed, filed."""

    stream_kind: ClassVar[str] = "order"
    unrecorded: ClassVar[tuple[str, ...]] = ("secret",)
    guard = Frozen(column="state", values={"closed": ("state", "version", "note"), "filed": ()})
    undeletable = True

    state = FSMField(max_length=10, default="open", protected=True)
    title = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    received_at = models.DateTimeField(null=True)
    tags = models.JSONField(default=list)
    secret = models.CharField(max_length=40, blank=True)

    class Meta:
        apps = HOUSE
        app_label = "house"

    @transition(field=state, source="open", target="closed")
    def close(self) -> None:
        """Nothing but the state changes."""

    @transition(field=state, source="closed", target="filed")
    def file(self) -> None:
        """Nothing but the state changes."""


class Line(Versioned):
    """A row that belongs to an order and stands still with it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT)
    text = models.CharField(max_length=40)

    guard = FrozenWith(parent="order", column="state", values=("filed",))

    class Meta:
        apps = HOUSE
        app_label = "house"


class Seal(models.Model):
    """A row that nobody may touch again."""

    text = models.CharField(max_length=40)

    guard = "append_only"

    class Meta:
        apps = HOUSE
        app_label = "house"


HOUSE_MODELS = (Order, Line, Seal)
