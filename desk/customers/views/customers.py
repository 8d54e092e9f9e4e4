"""The list of customers, the page of one, and entering and changing it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import access, actions
from accounts.models import Customer
from accounts.requests import DeskRequest
from accounts.views.common import FormPage, changed
from desk.customers import bar, queries
from desk.customers.forms import CustomerForm, NewCustomerForm
from desk.customers.page import page_of
from ledger.forms import carried_out


@require_GET
@login_required
def listing(request: DeskRequest) -> HttpResponse:
    """One page of the customers that the reader may see, by code; five statements beside those of the frame."""
    actor = request.actor
    access.require_read_customers(actor)
    asked = bar.asked_of(request.GET)
    found = queries.customer_page(actor, asked, request.GET.get("cursor", ""))
    context = {
        "rows": found.rows,
        "bar": bar.bar(asked, queries.departments_of(actor), queries.desks_of(actor)),
        "narrowed": asked.is_narrowed,
        "may_keep": access.may_keep_customers(actor),
        **found.addresses(lambda cursor: bar.address(asked, cursor)),
    }
    return render(request, "desk/customers/list.html", context)


@require_GET
@login_required
def page(request: DeskRequest, key: int) -> HttpResponse:
    """One customer with contacts, contracts, desk, records and figures; no more statements for many than for one."""
    actor = request.actor
    return render(request, "desk/customers/page.html", vars(page_of(actor, found_customer(request, key))))


@require_http_methods(["GET", "POST"])
@login_required
def new(request: DeskRequest) -> HttpResponse:
    """An empty form, and with POST the new customer."""
    actor = request.actor
    access.require_keep_customers(actor)
    departments = access.departments_to_keep(actor)
    form = NewCustomerForm(request.POST or None, departments=departments, initial={"in_service_scope": True})
    if request.method == "POST":
        made = carried_out(form, lambda: actions.create_customer(actor=actor, **form.cleaned_data))
        if made is not None:
            said = _("%(name)s is entered. Add its contacts next, and its contract.")
            messages.success(request, said % {"name": made.name})
            return HttpResponseRedirect(reverse("customer", args=[made.pk]))
    return FormPage(_("Add a customer"), _("Add this customer"), path_of(), clause="5.4.2").answer(request, form)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: DeskRequest, key: int) -> HttpResponse:
    """The customer in a form, and with POST the change of it."""
    actor = request.actor
    found = found_customer(request, key)
    access.require_keep_customer(actor, found.department)
    actions.refuse_merged(found)
    initial = CustomerForm.initial_of(found)
    form_of = partial(CustomerForm, departments=access.departments_to_keep(actor, found), initial=initial)

    def act(form: Any, version: int) -> Customer:
        if not form.has_changed():
            messages.success(request, _("Nothing was changed."))
            return found
        after = actions.change_customer(found, actor=actor, version=version, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return after

    page = FormPage(_("Change the customer"), _("Save the customer"), path_of(found), clause="5.4.2")
    return changed(request, page, found, form_of(), form_of, act)


def path_of(found: Customer | None = None) -> list[tuple[str, str]]:
    """The pages above a form."""
    path = [(_("Customers"), reverse("customers"))]
    return [*path, (found.name, reverse("customer", args=[found.pk]))] if found else path


def found_customer(request: DeskRequest, key: int) -> Customer:
    """The customer with that key, or 404 where there is none that the reader may see."""
    found = queries.readable(request.actor, key)
    if found is None:
        raise Http404(_("There is no such customer, or it is not yours to see."))
    return found
