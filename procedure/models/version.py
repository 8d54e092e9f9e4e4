"""A version of the document, its clauses and its terms."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ledger.guards import Frozen, FrozenWith
from ledger.models import Record


class State(models.TextChoices):
    """The life of a version."""

    DRAFT = "draft", pgettext_lazy("procedure", "Draft")
    REVIEWED = "reviewed", pgettext_lazy("procedure", "Reviewed")
    APPROVED = "approved", pgettext_lazy("procedure", "Approved")
    IN_FORCE = "in_force", pgettext_lazy("procedure", "In force")
    WITHDRAWN = "withdrawn", pgettext_lazy("procedure", "Withdrawn")


class Basis(models.TextChoices):
    """Why a rule holds: the document says so, it was read so, or we added it."""

    TEXT = "text", pgettext_lazy("basis", "Text")
    READING = "reading", pgettext_lazy("basis", "Reading")
    ADDED = "added", pgettext_lazy("basis", "Added")


STANDING = (State.APPROVED, State.IN_FORCE, State.WITHDRAWN)
# What a firm puts in its own words when it takes the document over; number of the version and its dates stay.
HEADER = ("title", "title_en", "number", "controlled_status", "confidentiality", "issuer", "issued_on")


class ProcedureVersion(Record):
    """One version of the procedure with its header (R-DC-1) and the three people behind it (R-DC-2)."""

    stream_kind: ClassVar[str] = "procedure"
    guard: ClassVar[Frozen] = Frozen(
        column="state",
        values={
            "approved": ("state", "version"),
            "in_force": ("state", "version", "withdrawn_on", *HEADER),
            "withdrawn": (),
        },
    )
    undeletable: ClassVar[bool] = True

    title = models.CharField(_("title"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=100, blank=True)
    number = models.CharField(_("document number"), max_length=60)
    version_label = models.CharField(_("version"), max_length=20)
    controlled_status = models.CharField(_("control status"), max_length=20)
    confidentiality = models.CharField(_("confidentiality"), max_length=20)
    issuer = models.CharField(_("issuer"), max_length=100)
    issued_on = models.DateField(_("issued on"))
    effective_on = models.DateField(_("effective on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    predecessor = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successor"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("procedure", "author"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    authored_on = models.DateField(_("drafted on"), null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approver"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    class Meta:
        ordering = ["effective_on", "id"]
        verbose_name = _("version of the procedure")
        verbose_name_plural = _("versions of the procedure")
        constraints = [
            models.UniqueConstraint(fields=["number", "version_label"], name="procedure_label_once"),
            models.UniqueConstraint(fields=["state"], condition=Q(state=State.IN_FORCE), name="procedure_one_in_force"),
            models.CheckConstraint(
                condition=Q(author=None) | Q(approver=None) | ~Q(author=F("approver")),
                name="procedure_author_is_not_approver",
            ),
            models.CheckConstraint(
                condition=Q(author=None) | Q(reviewer=None) | ~Q(author=F("reviewer")),
                name="procedure_author_is_not_reviewer",
            ),
            # The imported first version has no predecessor; its signatures are on paper.
            models.CheckConstraint(
                condition=~Q(state__in=STANDING) | Q(predecessor=None) | Q(approver__isnull=False),
                name="procedure_standing_is_approved",
            ),
        ]
        indexes = [models.Index(fields=["effective_on", "state"], name="procedure_effective")]

    def __str__(self) -> str:
        return f"{self.title} {self.version_label}"


class Part(models.Model):
    """A row of a version; it stands still once the version is approved."""

    procedure = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="%(class)s_rows")

    guard: ClassVar[FrozenWith] = FrozenWith(parent="procedure", column="state", values=tuple(STANDING))

    class Meta:
        abstract = True


class Explained(Part):
    """A row with an explanation in words of our own, never those of the document."""

    explanation = models.TextField(_("explanation"), blank=True)
    explanation_en = models.TextField(_("explanation in English"), blank=True)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis.choices, default=Basis.TEXT)

    class Meta(Part.Meta):
        abstract = True


class Clause(Explained):
    """A numbered place of the document."""

    number = models.CharField(_("clause"), max_length=12)
    title = models.CharField(_("title"), max_length=60)
    title_en = models.CharField(_("title in English"), max_length=80)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = [models.UniqueConstraint(fields=["procedure", "number"], name="clause_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Definition(Explained):
    """A term of clause 3, or one that other clauses use."""

    identifier = models.CharField(max_length=40)
    term = models.CharField(_("term"), max_length=40)
    term_en = models.CharField(_("term in English"), max_length=60)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        verbose_name = _("definition")
        verbose_name_plural = _("definitions")
        constraints = [models.UniqueConstraint(fields=["procedure", "identifier"], name="definition_identifier_once")]

    def __str__(self) -> str:
        return self.term
