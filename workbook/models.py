"""An upload of the workbook, from the file to what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from files.models import StoredFile
from ledger.models import Record

UNDO_WITHIN = timedelta(days=1)
# So long the rows of an import that has ended can be looked up.
ROWS_KEPT = timedelta(days=30)


class Import(Record):
    """A kept file with its plan. `mends` are cells as they were mended in the page, by sheet, row and column.

    `digest` is over the plan as it was shown, `counts` are its rows by sheet and outcome. `remark` says why a job came
    to no end. `tries` counts the beginnings of the job that is open: one that dies again and again is given up. The
    chain tells of each cell as it is mended, not of all of them each time. An import that has ended keeps its rows for
    `ROWS_KEPT`; what was cleared of it then were its rows, mends and file.
    """

    stream_kind: ClassVar[str] = "import"
    unrecorded: ClassVar[tuple[str, ...]] = ("tries", "mends")

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        UNREADABLE = "unreadable", _("Not readable")
        PLANNED = "planned", _("Waits for you")
        APPLYING = "applying", _("Being carried out")
        APPLIED = "applied", _("Carried out")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", pgettext_lazy("import", "Taken back")
        DISCARDED = "discarded", _("Discarded")

    # A job is at it, or will be.
    BUSY: ClassVar[tuple[str, ...]] = (State.READING, State.APPLYING, State.UNDOING)

    # Nothing is done with it any more, but for what can be taken back within a day.
    ENDED: ClassVar[tuple[str, ...]] = (State.APPLIED, State.UNDONE, State.DISCARDED)
    lets_go_of_file: ClassVar[Q] = Q(cleared_at__isnull=False)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("file"), max_length=120)
    language = models.CharField(max_length=10, choices=User.Language.choices)
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.READING)
    mends = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    remark = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(fields=["id"], name="import_open", condition=Q(state__in=("reading", "applying", "undoing"))),
            models.Index(
                fields=["id"],
                name="import_to_clear",
                condition=Q(state__in=("applied", "undone", "discarded"), cleared_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def total(self, outcome: str) -> int:
        """How many rows of all sheets would be so."""
        return sum(found.get(outcome, 0) for found in self.counts.values())

    @property
    def may_apply(self) -> bool:
        """Whether the plan can be carried out: nothing is refused, and something is there to do."""
        return self.state == self.State.PLANNED and not self.total("refused") and bool(self.to_do)

    @property
    def to_do(self) -> int:
        return self.total("new") + self.total("changed")

    def may_undo(self, at: datetime) -> bool:
        """Whether the day in which it can be taken back still runs."""
        applied = self.state == self.State.APPLIED and self.applied_at is not None
        return applied and at < self.applied_at + UNDO_WITHIN  # type: ignore[operator]


class PlanRow(models.Model):
    """A row of a plan that would be new, changed or refused; the rows that stay the same are only counted.

    `made` is the row that came of it, at version `made_version` once all was carried out.
    """

    working_data: ClassVar[str] = "What a file would do; the actions that carry it out tell of each row themselves."

    class Outcome(models.TextChoices):
        NEW = "new", pgettext_lazy("row", "New")
        CHANGED = "changed", pgettext_lazy("row", "Changed")
        REFUSED = "refused", pgettext_lazy("row", "Refused")

    plan = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=20, blank=True)
    row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    label = models.CharField(max_length=200, blank=True)
    values = models.JSONField()
    before = models.JSONField(default=dict)
    mistakes = models.JSONField(default=list)
    standing = models.BigIntegerField(null=True)
    standing_version = models.PositiveIntegerField(default=0)
    made = models.BigIntegerField(null=True)
    made_version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["plan", "outcome", "id"], name="planrow_of_outcome"),
            models.Index(fields=["plan", "sheet", "row"], name="planrow_of_sheet"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"
