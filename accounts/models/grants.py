"""Dated roles: who holds which, for what, until when, and who stands in."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer
from accounts.models.people import Department
from base.compiled import Parameter
from ledger.models import Record


class Role(models.TextChoices):
    """The roles of the procedure (clause 4.1) and the receivers that its other clauses need (reading A-26)."""

    STAFF = "staff", _("Staff")
    SERVICE_DESK = "service_desk", _("Service desk")
    DUTY_DESK = "duty_desk", _("Duty desk")
    DEPARTMENT_HEAD = "department_head", _("Head of department")
    RISK_CONTROL = "risk_control", _("Risk control department")
    CUSTODIAN = "custodian", _("Records custodian")
    AUDITOR = "auditor", _("Auditor")
    PROBLEM_MANAGER = "problem_manager", _("Problem manager")
    COMPLAINT_OWNER = "complaint_owner", _("Complaint owner")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    SALES = "sales", _("Sales staff")
    MANAGEMENT = "management", _("Company management")
    DOCUMENT_OWNER = "document_owner", _("Document owner")
    ADMINISTRATOR = "administrator", _("Administrator")


FOR_A_CUSTOMER = (Role.SERVICE_DESK,)
FOR_A_DEPARTMENT = (Role.DEPARTMENT_HEAD, Role.CUSTODIAN, Role.DUTY_DESK)


class InForce(models.QuerySet["RoleGrant"]):
    def in_force(self, day: date | Parameter) -> InForce:
        """Grants in force on that day, of people who may sign in; both end days belong to the grant."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, user__is_active=True)


class RoleGrant(Record):
    """A role held by one person from one day to another, for a customer, a department or the whole firm."""

    stream_kind: ClassVar[str] = "grant"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="grants"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="grants",
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = InForce.as_manager()

    class Meta:
        ordering = ["role", "starts_on", "id"]
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="grant_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=FOR_A_CUSTOMER) | Q(customer__isnull=False), name="grant_needs_customer"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=FOR_A_DEPARTMENT) | Q(department__isnull=False), name="grant_needs_department"
            ),
            models.UniqueConstraint(
                fields=["role", "customer"],
                condition=Q(role__in=FOR_A_CUSTOMER, ends_on=None),
                name="grant_one_desk_a_customer",
            ),
            models.UniqueConstraint(
                fields=["role", "department"],
                condition=Q(role__in=FOR_A_DEPARTMENT, ends_on=None),
                name="grant_one_holder_a_department",
            ),
        ]
        indexes = [models.Index(fields=["role", "department", "customer"], name="grant_role_scope")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Delegation(Record):
    """Somebody stands in for another's role between two instants (an addition of ours, R-4.1-2).

    Covers the grants of `role` that `from_user` holds himself at that time, within the department or customer
    if one is named. What is held as a deputy cannot be passed on. One that the deputy has declined covers nothing.
    """

    stream_kind: ClassVar[str] = "delegation"

    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("stands in for"),
        on_delete=models.PROTECT,
        related_name="delegations_given",
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("deputy"),
        on_delete=models.PROTECT,
        related_name="delegations_received",
    )
    department = models.ForeignKey(
        Department, verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    declined_at = models.DateTimeField(_("declined at"), null=True, blank=True, editable=False)
    declined_reason = models.TextField(_("why it was declined"), blank=True, editable=False)

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="delegation_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="delegation_between_two_people"),
        ]
        indexes = [models.Index(fields=["to_user", "ends_at"], name="delegation_deputy")]

    def __str__(self) -> str:
        return f"{self.role} {self.from_user_id} → {self.to_user_id}"

    def covers(self, at: datetime) -> bool:
        """Whether it runs at that instant; the end no longer belongs to it."""
        return self.declined_at is None and self.starts_at <= at < self.ends_at


class Qualification(Record):
    """A proof of skill with dates (clause 8); an expired one of a desk holder warns and blocks nothing."""

    stream_kind: ClassVar[str] = "qualification"

    class Kind(models.TextChoices):
        DESK = "desk", _("Independent analysis and handling")
        COMMUNICATION = "communication", _("Communication with customers")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="qualifications"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    evidence = models.CharField(_("evidence"), max_length=200)
    obtained_on = models.DateField(_("obtained on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        ordering = ["user", "kind", "obtained_on"]
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("obtained_on")),
                name="qualification_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["user", "kind"], name="qualification_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
