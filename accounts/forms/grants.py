"""What is typed about roles that are given, ended and handed on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actions import Scope
from accounts.forms.fields import PersonField
from accounts.models import Customer, Department, Role, User
from accounts.models.grants import FOR_A_CUSTOMER, FOR_A_DEPARTMENT
from accounts.queries import colleagues, customers_without_desk, standing_departments
from base.forms import choice_of_rows
from ui import fields

GIVEN = [(role.value, role.label) for role in Role if role is not Role.STAFF]
REASON = _("Why this person; a service desk who is no project manager needs it above all (clause 3).")

NO_CUSTOMER_LEFT = _(
    "Every customer in service scope has a service desk. To change one, hand the role on from that person's page."
)
NO_CUSTOMER_YET = _("No customers yet. Enter one first; then give the role.")


class _Dated(forms.Form):
    """From when on, until when, why."""

    starts_on = fields.day(_("First day"))
    ends_on = fields.day(_("Last day"), required=False, help_text=_("Empty: until it is ended."))
    reason = fields.text(_("Reason"), longest=500, rows=2, help_text=REASON)


class CustomersForm(_Dated):
    """Project manager for several customers at once."""

    customers = forms.ModelMultipleChoiceField(
        label=_("Customers"),
        queryset=Customer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those whose service desk nobody is. Where somebody is, hand the role on from that person's page."),
    )
    field_order = ("customers", "starts_on", "ends_on", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        without = customers_without_desk()
        choice_of_rows(self, "customers").queryset = without
        if not without.exists():
            served = Customer.objects.filter(in_service_scope=True).exists()
            self.fields["customers"].help_text = NO_CUSTOMER_LEFT if served else NO_CUSTOMER_YET

    def scopes(self) -> list[Scope]:
        customers: Iterable[Customer] = self.cleaned_data["customers"]
        return [Scope(Role.SERVICE_DESK, customer=customer) for customer in customers]


class _OfADepartment(_Dated):
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=_("Choose the department")
    )
    roles: tuple[Role, ...] = ()
    field_order = ("department", "starts_on", "ends_on", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice_of_rows(self, "department").queryset = standing_departments()

    def scopes(self) -> list[Scope]:
        return [Scope(role, department=self.cleaned_data["department"]) for role in self.roles]


class HeadForm(_OfADepartment):
    """Head of a department."""

    roles = (Role.DEPARTMENT_HEAD,)


class DutyForm(_OfADepartment):
    """Duty desk and custodian of a department, which small firms give to one person."""

    roles = (Role.DUTY_DESK, Role.CUSTODIAN)


class RoleForm(_Dated):
    """Any role, for what it needs."""

    role = forms.ChoiceField(label=_("Role"), choices=GIVEN)
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("The whole firm"),
        help_text=_("Head, duty desk and records custodian need one; for other roles empty is the whole firm."),
    )
    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.none(),
        required=False,
        empty_label=_("No customer"),
        help_text=_("For the service desk only."),
    )
    field_order = ("role", "department", "customer", "starts_on", "ends_on", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice_of_rows(self, "department").queryset = standing_departments()
        choice_of_rows(self, "customer").queryset = Customer.objects.filter(merged_into=None).order_by("code")

    def clean(self) -> dict[str, Any]:
        """A scope that the role cannot have would look as if it narrowed it."""
        given = self.cleaned_data
        if given.get("customer") and given.get("role") not in FOR_A_CUSTOMER:
            self.add_error("customer", _("This role is not held for a customer. Leave it empty."))
        if given.get("department") and given.get("role") in (*FOR_A_CUSTOMER, Role.ADMINISTRATOR):
            self.add_error("department", _("This role is not held for a department. Leave it empty."))
        if given.get("role") in FOR_A_DEPARTMENT and not given.get("department"):
            self.add_error("department", _("This role is held for a department. Choose one."))
        return given

    def scopes(self) -> list[Scope]:
        given = self.cleaned_data
        return [Scope(given["role"], given["department"], given["customer"])]


# Each says by `scopes` what it gives once it is valid.
GrantForm = CustomersForm | HeadForm | DutyForm | RoleForm


class EndGrantForm(forms.Form):
    """The last day of a role."""

    ends_on = fields.day(_("Last day"), help_text=_("This day still belongs to the role."))


class SuccessorForm(forms.Form):
    """Who holds a role next."""

    successor = PersonField(label=_("Successor"), empty_label=_("Choose the successor"))
    starts_on = fields.day(
        _("First day of the successor"), help_text=_("The day before is the last one of the present holder.")
    )
    reason = fields.text(_("Reason"), longest=500, rows=2, help_text=REASON)

    def __init__(self, *args: Any, holder: User, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("PersonField", self.fields["successor"]).offer(colleagues(holder), near=holder)
