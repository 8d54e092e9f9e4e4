"""What the desk computes with: category leaves, scales, matrix, targets, parameters."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ledger.guards import FrozenWith
from procedure.models.version import STANDING, Explained, Part


class Impact(models.TextChoices):
    """How much harm an incident does (clause 5.4.3)."""

    SEVERE = "severe", pgettext_lazy("impact", "Severe")
    MODERATE = "moderate", pgettext_lazy("impact", "Moderate")
    MINOR = "minor", pgettext_lazy("impact", "Minor")


class Urgency(models.TextChoices):
    """How much of the service is affected (clause 5.4.3)."""

    HIGH = "high", pgettext_lazy("urgency", "High")
    MEDIUM = "medium", pgettext_lazy("urgency", "Medium")
    LOW = "low", pgettext_lazy("urgency", "Low")


class Category(Explained):
    """A leaf of the category tree; only leaves can be chosen. The document masks the name of the first level, which
    each firm fills in (A-34)."""

    guard: ClassVar[FrozenWith] = FrozenWith(
        parent="procedure", column="state", values=tuple(STANDING), changing=("level1", "level1_en")
    )

    code = models.CharField(_("code"), max_length=16)
    level1 = models.CharField(_("first level"), max_length=40)
    level1_en = models.CharField(_("first level in English"), max_length=60)
    level2 = models.CharField(_("second level"), max_length=40)
    level2_en = models.CharField(_("second level in English"), max_length=60)
    level3 = models.CharField(_("third level"), max_length=40)
    level3_en = models.CharField(_("third level in English"), max_length=60)
    order = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["order"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [models.UniqueConstraint(fields=["procedure", "code"], name="category_code_once")]

    def __str__(self) -> str:
        return f"{self.level2} / {self.level3}"


class Scale(Explained):
    """One step of impact or urgency, with what it means."""

    class Kind(models.TextChoices):
        IMPACT = "impact", pgettext_lazy("scale", "Impact")
        URGENCY = "urgency", pgettext_lazy("scale", "Urgency")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField(max_length=12)
    name = models.CharField(_("name"), max_length=20)
    name_en = models.CharField(_("name in English"), max_length=20)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["kind", "order"]
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        constraints = [
            models.UniqueConstraint(fields=["procedure", "kind", "code"], name="scale_code_once"),
            models.CheckConstraint(
                condition=Q(kind="impact", code__in=Impact.values) | Q(kind="urgency", code__in=Urgency.values),
                name="scale_code_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class MatrixCell(Part):
    """The level of one pair of impact and urgency, stored literally because no formula gives it (A-02)."""

    impact = models.CharField(max_length=12, choices=Impact.choices)
    urgency = models.CharField(max_length=12, choices=Urgency.choices)
    priority = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "impact", "urgency"], name="matrix_cell_once"),
            models.CheckConstraint(condition=Q(priority__range=(1, 4)), name="matrix_priority_1_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.impact} × {self.urgency} = {self.priority}"


class Target(Explained):
    """The time for solving a level: `value` is {"value": 24, "unit": "hour", "clock": "natural"}."""

    priority = models.PositiveSmallIntegerField()
    name = models.CharField(_("level"), max_length=20)
    name_en = models.CharField(_("level in English"), max_length=20)
    value = models.JSONField()
    display = models.CharField(_("as printed"), max_length=40)
    display_en = models.CharField(_("as printed, in English"), max_length=40)

    class Meta:
        ordering = ["priority"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "priority"], name="target_priority_once"),
            models.CheckConstraint(condition=Q(priority__range=(1, 4)), name="target_priority_1_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.display}"


class Parameter(Explained):
    """A value that the document leaves open, with the clause that needs it and why it is as it is.

    A new release of the desk may need one more: it is added to the versions that stand, by an entry in their chains.
    """

    guard: ClassVar[FrozenWith] = FrozenWith(parent="procedure", column="state", values=tuple(STANDING), insert=False)

    key = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=80)
    value = models.JSONField(_("value"))
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    clause = models.CharField(_("clause"), max_length=12)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        constraints = [models.UniqueConstraint(fields=["procedure", "key"], name="parameter_key_once")]

    def __str__(self) -> str:
        return self.key
