"""Rows at which people wait for each other, so that what happens once happens once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DayCounter(models.Model):
    """The last number given out on one day, taken inside the transaction, so that none is ever missing."""

    kind = models.CharField(max_length=4)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "day"], name="one_counter_a_day")]


class AlarmSource(models.Model):
    """What a monitoring tool reports about one customer: of two first alarms at once, the second joins the first."""

    working_data: ClassVar[str] = "A row to wait at; the declarations tell of their alarms."

    customer = models.ForeignKey("accounts.Customer", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=100)
    source_ref = models.CharField(max_length=100)
    last_alarm_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "source", "source_ref"], name="one_alarm_source")]
