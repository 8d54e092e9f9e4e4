"""When people work: a week, the dates that differ, and every version of both."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.guards import Guard
from ledger.models import Record
from sla.arithmetic import WorkingCalendar

UNUSABLE = _(
    "Give an existing time zone, windows within the day that do not overlap, and at least one day with working time."
)


class Calendar(Record):
    """A working calendar that people edit; clocks count by one of its versions.

    `weekly` maps the weekday ("0" is Monday) to windows in minutes since local midnight, [[540, 720], [810, 1080]].
    `years` tells by year where its dates come from: {"2026": {"source": "…", "provisional": false}}; provisional
    means that the make-up days are not published yet.
    """

    stream_kind: ClassVar[str] = "calendar"

    name = models.CharField(_("name"), max_length=100, unique=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    weekly = models.JSONField(_("weekly working hours"))
    years = models.JSONField(_("years"), default=dict, editable=False)
    is_default = models.BooleanField(_("default"), default=False)
    current = models.ForeignKey(
        "CalendarVersion", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="calendar_one_default"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an unknown zone, impossible windows and a week in which nobody works."""
        try:
            week = {int(weekday): windows for weekday, windows in self.weekly.items()}
            WorkingCalendar(self.timezone, week)
        except (AttributeError, TypeError, ValueError) as error:
            raise ValidationError({"weekly": UNUSABLE}) from error


class CalendarDay(models.Model):
    """A date on which the weekly hours do not hold; without windows nobody works."""

    class Kind(models.TextChoices):
        DAY_OFF = "day_off", _("Day off")
        MAKE_UP = "makeup", _("Make-up working day")

    belongs_to: ClassVar[str] = "calendar"

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="days")
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    windows = models.JSONField(_("working hours"), default=list, blank=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["date"]
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class CalendarVersion(models.Model):
    """A calendar as it stood after one change, so that what was once computed can be computed again.

    The key is random and never used twice, so a process may remember what it read.
    """

    belongs_to: ClassVar[str] = "calendar"
    guard: ClassVar[Guard] = "append_only"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(null=True)
    timezone = models.CharField(max_length=60)
    weekly = models.JSONField()
    exceptions = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_once")]

    def __str__(self) -> str:
        return f"{self.calendar_id} v{self.number}"

    def working_calendar(self) -> WorkingCalendar:
        """The arithmetic's view of it."""
        return WorkingCalendar(
            self.timezone,
            {int(weekday): windows for weekday, windows in self.weekly.items()},
            {date.fromisoformat(day): windows for day, windows in self.exceptions.items()},
        )
