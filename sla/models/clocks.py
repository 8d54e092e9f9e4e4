"""Clocks: narrow rows that a sweep can read fast, each with the events that made it what it is."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ledger.guards import Guard
from sla.arithmetic import Pause
from sla.models.calendars import CalendarVersion
from sla.targets import Target


class Source(models.TextChoices):
    """Whose word a target is."""

    CONTRACT = "contract", _("Contract")
    MATRIX = "matrix", _("Matrix")
    CHANNEL = "channel", _("Channel")
    PARAMETER = "parameter", _("Parameter")


class Clock(models.Model):
    """One agreed time that runs, stands or has been judged; its owner points to it.

    `kind` names what is timed: response, resolution, relay, handover, decision, countersign. `target` is
    `Target.as_data`, `pause_spans` a list of [start, end or null] as ISO text. `due_at` of a paused clock is the one
    before the pause and moves when the clock goes on. `breached_at` is the first due time that passed unmet; it stays
    when a later target allows more (A-29), and goes where it was counted from a start that was wrong. `checked` is the
    highest threshold, in percent, that a sweep has dealt with in this `cycle`; each new target begins a cycle.
    `trend_percent` is the share of the target from which on past cases make a miss likely, and `trend_cycle` the last
    cycle in which a sweep has dealt with that. Everything but these three follows from the events.

    The owner's chain tells of the clock with its kind and of each event; the rest is verified by replay.
    """

    told_by_key: ClassVar[bool] = True
    unrecorded: ClassVar[tuple[str, ...]] = (
        *("calendar_version", "target", "source", "started_at", "due_at", "thresholds", "checked", "next_check_at"),
        *("pause_spans", "paused_at", "stopped_at", "met", "breached_at", "cancelled_at", "cycle", "event_count"),
        *("trend_percent", "trend_cycle"),
    )

    kind = models.CharField(max_length=20)
    calendar_version = models.ForeignKey(CalendarVersion, null=True, on_delete=models.PROTECT, related_name="+")
    target = models.JSONField()
    source = models.CharField(max_length=10, choices=Source.choices)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    thresholds = models.JSONField(default=list)
    checked = models.PositiveSmallIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True)
    pause_spans = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    met = models.BooleanField(null=True)
    breached_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cycle = models.PositiveSmallIntegerField(default=1)
    event_count = models.PositiveSmallIntegerField(default=0)
    trend_percent = models.PositiveSmallIntegerField(null=True)
    trend_cycle = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="clock_due_after_start"),
            models.CheckConstraint(
                condition=Q(stopped_at=None, met=None) | Q(stopped_at__isnull=False, met__isnull=False),
                name="clock_stopped_means_judged",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(met=True, stopped_at__lt=F("due_at")) | Q(met=False),
                name="clock_met_strictly_before_due",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | Q(stopped_at=None, cancelled_at=None), name="clock_paused_while_open"
            ),
            models.CheckConstraint(
                condition=Q(next_check_at=None) | Q(stopped_at=None, cancelled_at=None, paused_at=None),
                name="clock_checked_while_running",
            ),
        ]
        indexes = [
            # The sweep's question: which running clocks have a threshold to look at by now?
            models.Index(fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="clock_next_check"),
            # The auditor's question: which were missed (audit.queries.waiting_for_review)?
            models.Index(fields=["id"], condition=Q(met=False), name="clock_late"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def agreed(self) -> Target:
        """The target in force."""
        return Target.from_data(self.target)

    @property
    def has_ended(self) -> bool:
        """It was judged or cancelled."""
        return self.stopped_at is not None or self.cancelled_at is not None

    @property
    def is_running(self) -> bool:
        """Time is being counted, or would be at the next opening."""
        return not self.has_ended and self.paused_at is None

    @property
    def stands(self) -> bool:
        """It was paused before its due time, which does not come until it goes on (A-06)."""
        return self.paused_at is not None and self.paused_at < self.due_at

    @property
    def runs_out(self) -> bool:
        """Its due time comes, or has come, if nobody does anything."""
        return not self.has_ended and not self.stands

    @property
    def awaits_trend(self) -> bool:
        """A sweep has still to look when a miss becomes likely; pointless once the time is over."""
        return self.trend_percent is not None and self.trend_cycle < self.cycle and self.checked < 100

    @property
    def pauses(self) -> list[Pause]:
        """Every pause, the running one with an open end."""
        return [
            (datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
            for start, end in self.pause_spans
        ]


class ClockEvent(models.Model):
    """One thing that happened to a clock; `at` is when it took effect, `data` what it brought."""

    class Kind(models.TextChoices):
        START = "start"
        PAUSE = "pause"
        RESUME = "resume"
        RETARGET = "retarget"
        STOP = "stop"
        CONTINUE = "continue"
        CANCEL = "cancel"
        CORRECT = "correct"

    belongs_to: ClassVar[str] = "clock"
    guard: ClassVar[Guard] = "append_only"

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["clock", "sequence"]
        constraints = [models.UniqueConstraint(fields=["clock", "sequence"], name="clock_event_once")]

    def __str__(self) -> str:
        return f"{self.clock_id} #{self.sequence} {self.kind}"
