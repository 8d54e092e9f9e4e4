"""The tables beside the rules: who does what, what is referred to, what changed, what the document says."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ledger.guards import Guard
from procedure.models.version import Explained, Part, ProcedureVersion


class Responsibility(Explained):
    """A row of the table of clause 4.1 as printed (basis text), or one that other clauses add to it (A-26)."""

    activity = models.CharField(_("activity"), max_length=60)
    activity_en = models.CharField(_("activity in English"), max_length=80)
    roles = models.JSONField(_("roles"), default=list)
    clause = models.CharField(_("clause"), max_length=12)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = [models.UniqueConstraint(fields=["procedure", "activity"], name="responsibility_once")]

    def __str__(self) -> str:
        return self.activity


class Reference(Explained):
    """Another document that this one leads to (A-31)."""

    title = models.CharField(_("title"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=120)
    clause = models.CharField(_("clause"), max_length=12)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        constraints = [models.UniqueConstraint(fields=["procedure", "title"], name="reference_once")]

    def __str__(self) -> str:
        return self.title


class ChangeRow(Part):
    """A row of the document's change table (R-DC-2); names stand as text, as they do on paper."""

    order = models.PositiveSmallIntegerField()
    version_label = models.CharField(_("version"), max_length=20)
    content = models.TextField(_("place and content of the change"))
    content_en = models.TextField(_("the same in English"), blank=True)
    author_name = models.CharField(pgettext_lazy("procedure", "author"), max_length=60, blank=True)
    authored_on = models.DateField(_("drafted on"), null=True, blank=True)
    reviewer_name = models.CharField(_("reviewer"), max_length=60, blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    approver_name = models.CharField(_("approver"), max_length=60, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [models.UniqueConstraint(fields=["procedure", "order"], name="change_order_once")]

    def __str__(self) -> str:
        return f"{self.order} {self.version_label}"


class OfficialText(models.Model):
    """What the owner's own file says at one place of a version; the latest row of a place counts.

    A table of its own, because the text may arrive when the rows that it explains stand still already.
    """

    class Kind(models.TextChoices):
        CLAUSE = "clause", _("Clause")
        DEFINITION = "definition", _("Definition")
        SCALE = "scale", _("Scale")

    belongs_to: ClassVar[str] = "procedure"
    guard: ClassVar[Guard] = "append_only"

    procedure = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="official_texts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=40)
    text = models.TextField()
    source_digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("official text")
        verbose_name_plural = _("official texts")
        indexes = [models.Index(fields=["procedure", "kind", "key"], name="official_text_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
