"""What was agreed with a customer."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from ledger.models import Record
from sla.models.calendars import Calendar


class Closure(models.TextChoices):
    """What the customer's confirmation must look like before closing (A-23)."""

    CONTACT = "contact_confirmation", _("Word of an entitled contact")
    WRITTEN = "written_confirmation", _("Written confirmation")


class Contracts(models.QuerySet["Contract"]):
    def in_force(self, on: date) -> Contracts:
        """Contracts in force on that day; the first and the last day belong to the contract."""
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class Contract(Record):
    """A service agreement. Targets are JSON as `Target.as_data` writes it; what is missing, the procedure decides.

    `response_by_channel` holds targets by channel, before `response_target`, which holds for every channel. `warnings`
    are two shares in percent in place of those of the procedure: when handler and head are told, and when the
    customer is at the latest (A-30).
    """

    stream_kind: ClassVar[str] = "contract"

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="contracts"
    )
    number = models.CharField(_("contract number"), max_length=60, unique=True)
    name = models.CharField(_("contract name"), max_length=200)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    service_scope = models.JSONField(_("contracted services"), default=list, blank=True)
    process_notes = models.JSONField(_("agreed ways of working"), default=list, blank=True)
    pause_allowed = models.BooleanField(_("waiting for the customer stops the clock"), default=False)
    closure = models.CharField(_("closing needs"), max_length=24, choices=Closure.choices, default=Closure.CONTACT)
    response_target = models.JSONField(_("response time"), null=True, blank=True)
    response_by_channel = models.JSONField(_("response time by channel"), default=dict, blank=True)
    warnings = models.JSONField(_("warnings before the due time"), default=list, blank=True)
    calendar = models.ForeignKey(
        Calendar, verbose_name=_("working calendar"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = Contracts.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="contract_ends_after_start")
        ]
        indexes = [models.Index(fields=["customer", "-starts_on"], name="contract_of_customer")]

    def __str__(self) -> str:
        return self.number

    def in_force(self, on: date) -> bool:
        """Whether it holds on that day; the first and the last day belong to it."""
        return self.starts_on <= on <= self.ends_on


class ContractTarget(models.Model):
    """The agreed resolution time of one level; it wins over the matrix, be it shorter or longer (A-27)."""

    belongs_to: ClassVar[str] = "contract"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="targets")
    level = models.PositiveSmallIntegerField(_("level"))
    target = models.JSONField(_("resolution time"))

    class Meta:
        ordering = ["level"]
        verbose_name = _("contract target")
        verbose_name_plural = _("contract targets")
        constraints = [
            models.UniqueConstraint(fields=["contract", "level"], name="contract_target_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="contract_target_level"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.level}"
