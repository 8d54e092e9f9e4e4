"""Warnings before a breach: given, held for the night, acknowledged, and climbing while nobody does (5.4.6)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models import Declaration, Part


class Warning(Part):
    """One warning that the time allowed is in danger (R-5.4.6-3, R-5.4.6-4); `at` is when it was given.

    A threshold of a clock warns once a cycle, however many sweeps run: the constraint is the fence.
    """

    class Kind(models.TextChoices):
        AT_RISK = "at_risk", _("At risk")
        TREND = "trend", _("Trend")
        BREACHED = "breached", _("Missed")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    clock = models.ForeignKey("sla.Clock", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    threshold = models.PositiveSmallIntegerField(null=True, blank=True)
    cycle = models.PositiveIntegerField(default=1)
    reached_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    recipients = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    expected_at = models.DateTimeField(null=True, blank=True)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "threshold", "cycle"],
                condition=Q(threshold__isnull=False),
                name="one_warning_a_threshold",
            ),
            # What history lets expect is told once a cycle; the handler's own trend warnings name no clock.
            models.UniqueConstraint(
                fields=["clock", "cycle"],
                condition=Q(kind="trend", clock__isnull=False),
                name="one_forecast_a_target",
            ),
        ]


class WarningRecipient(models.Model):
    """Who was warned: a member of staff or a contact of the customer."""

    belongs_to: ClassVar[str] = "warning"
    guard = "append_only"

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="told")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("accounts.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, contact__isnull=True) | Q(user__isnull=True, contact__isnull=False),
                name="warned_one_person",
            )
        ]


class Acknowledgement(Part):
    """Somebody who was warned has taken note (R-5.4.6-3); `by` and `at` are who and when."""

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="acknowledgements")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["warning", "by"], name="acknowledged_once")]


class Climb(Part):
    """Somebody further up who was told that a warning stays unanswered, each person once a warning."""

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="climbs")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["warning", "user"], name="climbed_to_once")]


class Unanswered(models.Model):
    """The last warning of a declaration that nobody has acknowledged, and when it climbs on.

    Working data of the sweep, one row a declaration at most; `rung` counts the steps of the chain already told, and
    with the last of them `next_check_at` is empty. The row goes with the first acknowledgement, or when the sweep finds
    nothing left to warn of. What happened stands in `Climb` and in the ledger.
    """

    working_data: ClassVar[str] = "The sweep's; the climbs that come of it are told of."

    declaration = models.OneToOneField(
        Declaration, primary_key=True, on_delete=models.PROTECT, related_name="unanswered"
    )
    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="+")
    rung = models.PositiveSmallIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="unanswered_check")
        ]

    def __str__(self) -> str:
        return f"{self.warning_id} at {self.rung}"


class HeldWarning(models.Model):
    """Messages of a clock that wait for the opening after quiet hours, and what became of them.

    Working data of the sweep: at the opening the warnings are given (`sent`), or the reason is gone by then and they
    are cancelled. The ledger tells of both.
    """

    working_data: ClassVar[str] = "The sweep's; entries tell of each warning that was held and of its end."

    class Outcome(models.TextChoices):
        SENT = "sent", _("sent at the opening")
        STOPPED = "stopped", _("solved or answered before")
        ENDED = "ended", _("no longer timed")
        PAUSED = "paused", _("paused before")
        RETARGETED = "retargeted", _("timed anew before")
        MOVED = "moved", _("not reached any more")

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="held_warnings")
    clock = models.ForeignKey("sla.Clock", on_delete=models.PROTECT, related_name="+")
    threshold = models.PositiveSmallIntegerField()
    cycle = models.PositiveIntegerField()
    reached_at = models.DateTimeField()
    held_until = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(settled_at=None), name="one_held_warning_a_clock")
        ]
        indexes = [models.Index(fields=["held_until"], condition=Q(settled_at=None), name="held_warning_due")]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.threshold} until {self.held_until}"
