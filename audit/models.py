"""Clause 6: reviews of closed records, their conclusions clause by clause, and findings with their correction."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from ledger.guards import Frozen, FrozenWith, Guard
from ledger.models import Record


def _person(**options: Any) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class Sample(models.Model):
    """A drawing of records for review, with the seed by which anybody can draw the same again (A-25)."""

    belongs_to: ClassVar[str] = "department"
    guard: ClassVar[Guard] = "append_only"

    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    seed = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    drawn_by = _person()
    numbers = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "month"], name="one_sample_a_month")]


class Review(FSMModelMixin, Record):
    """The review of one record by one auditor (V1); signed off it stands still but for its findings' correction."""

    stream_kind: ClassVar[str] = "review"
    undeletable: ClassVar[bool] = True
    guard: ClassVar[Guard] = Frozen(column="state", values={"conform": (), "verified": ()})

    class State(models.TextChoices):
        SELECTED = "selected", _("Selected")
        IN_REVIEW = "in_review", _("In review")
        CONFORM = "conform", _("Conform")
        FINDING = "finding", _("With findings")
        CORRECTED = "corrected", _("Findings corrected")
        VERIFIED = "verified", _("Correction verified")

    declaration = models.ForeignKey("incidents.Declaration", on_delete=models.PROTECT, related_name="reviews")
    auditor = _person()
    reasons = models.JSONField(default=list)
    sample = models.ForeignKey(Sample, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews")
    state = FSMField(max_length=12, choices=State.choices, default=State.SELECTED, protected=True)
    started_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    form_hash = models.CharField(max_length=64, blank=True)
    ledger_head = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(state__in=["selected", "in_review"]), name="one_open_review"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["selected", "in_review"]) | Q(signed_at__isnull=False), name="signed_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["declaration", "-signed_at"], name="review_declaration"),
            # The views of the auditor's list (audit.queries.records).
            models.Index(
                fields=["declaration"], name="review_findings", condition=Q(state__in=["finding", "corrected"])
            ),
            models.Index(fields=["declaration"], name="review_done", condition=Q(state__in=["conform", "verified"])),
        ]

    @transition(field="state", source=State.SELECTED, target=State.IN_REVIEW)
    def begin(self) -> None:
        """An auditor takes the selected record up."""

    @transition(field="state", source=State.IN_REVIEW, target=State.CONFORM)
    def find_conform(self, **values: Any) -> None:
        self.set(**values)

    @transition(field="state", source=State.IN_REVIEW, target=State.FINDING)
    def find_faults(self, **values: Any) -> None:
        self.set(**values)

    @transition(field="state", source=State.FINDING, target=State.CORRECTED)
    def correct(self) -> None:
        """Every finding has its corrective action carried out."""

    @transition(field="state", source=State.CORRECTED, target=State.FINDING)
    def send_back(self) -> None:
        """A correction did not hold."""

    @transition(field="state", source=State.CORRECTED, target=State.VERIFIED)
    def verify(self) -> None:
        """An auditor has verified every correction."""


# While findings are corrected and verified, one after the other.
FOLLOWED_UP = (Review.State.FINDING, Review.State.CORRECTED)


class Conclusion(models.Model):
    """What the auditor concludes on one clause; `computed` and `evidence` take the machine's verdict."""

    undeletable: ClassVar[bool] = True
    guard: ClassVar[Guard] = FrozenWith(
        parent="review", column="state", values=("conform", "finding", "corrected", "verified")
    )

    class Verdict(models.TextChoices):
        MET = "met", _("Met")
        NOT_MET = "not_met", _("Not met")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="conclusions")
    clause = models.CharField(max_length=16)
    conclusion = models.CharField(max_length=16, choices=Verdict.choices)
    note = models.TextField(blank=True)
    computed = models.CharField(max_length=16, choices=Verdict.choices, blank=True)
    evidence = models.ForeignKey("ledger.Entry", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "clause"], name="one_conclusion_a_clause")]


class Finding(models.Model):
    """A clause that was not met: owner, cause, corrective action, due day, and how the correction was verified."""

    undeletable: ClassVar[bool] = True
    guard: ClassVar[Guard] = FrozenWith(parent="review", column="state", values=("conform", "verified"))

    class State(models.TextChoices):
        OPEN = "open", _("To be corrected")
        CORRECTED = "corrected", _("Corrected")
        VERIFIED = "verified", _("Verified")

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="findings")
    clause = models.CharField(max_length=16)
    text = models.TextField()
    owner = _person()
    cause = models.TextField(blank=True)
    action = models.TextField(blank=True)
    due = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    raised_at = models.DateTimeField()
    correction = models.TextField(blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    verified_by = _person(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "state", "due"], name="finding_owner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=models.F("owner")), name="owner_never_verifies"
            )
        ]
