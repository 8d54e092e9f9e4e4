"""What is kept of a customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Department
from base.forms import choice_of_rows


class CustomerForm(forms.Form):
    """What can be changed of a customer of one of the departments that the person keeps."""

    name = forms.CharField(label=_("Customer name"), max_length=200, help_text=_("As in the contract."))
    industry = forms.CharField(label=_("Industry"), max_length=60, required=False)
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        empty_label=_("Choose the department"),
        help_text=_("It owns the contract, and its head decides for this customer."),
    )
    in_service_scope = forms.BooleanField(
        label=_("In service scope"),
        required=False,
        help_text=_("Whether we serve it now. If not, nobody is reminded to renew its contracts."),
    )

    def __init__(self, *args: Any, departments: QuerySet[Department], **options: Any) -> None:
        super().__init__(*args, **options)
        choice_of_rows(self, "department").queryset = departments

    @staticmethod
    def initial_of(customer: Customer) -> dict[str, object]:
        """The customer as the form shows it."""
        return {
            **{name: getattr(customer, name) for name in ("name", "industry", "in_service_scope")},
            "department": customer.department_id,
        }


class NewCustomerForm(CustomerForm):
    """A customer that is entered; its code stays."""

    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("Short, as people write it, such as C01. It is never changed.")
    )
    field_order = ("code", "name", "department", "industry", "in_service_scope")
