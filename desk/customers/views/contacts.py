"""Entering and changing the contacts of a customer."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import access, actions
from accounts.models import Contact
from accounts.requests import DeskRequest
from accounts.views.common import FormPage, changed
from desk.customers import queries
from desk.customers.forms import ChangedContactForm, ContactForm
from desk.customers.views.customers import found_customer, path_of
from ledger.forms import carried_out


@require_http_methods(["GET", "POST"])
@login_required
def new(request: DeskRequest, key: int) -> HttpResponse:
    """An empty form, and with POST the new contact."""
    actor = request.actor
    customer = found_customer(request, key)
    access.require_keep_contact(actor, customer, entitling=False)
    actions.refuse_merged(customer)
    form = ContactForm(request.POST or None, entitling=access.may_entitle(actor, customer))
    if request.method == "POST":
        given = partial(actions.create_contact, actor=actor, customer=customer)
        made = carried_out(form, lambda: given(**form.cleaned_data))
        if made is not None:
            messages.success(request, _("%(name)s is entered.") % {"name": made.name})
            return HttpResponseRedirect(reverse("customer", args=[key]))
    page = FormPage(_("Add a contact"), _("Add this contact"), path_of(customer), clause="5.4.2")
    return page.answer(request, form)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: DeskRequest, key: int, contact_key: int) -> HttpResponse:
    """The contact in a form, and with POST the change of it."""
    actor = request.actor
    customer = found_customer(request, key)
    access.require_keep_contact(actor, customer, entitling=False)
    found = queries.contact_of(customer, contact_key)
    if found is None:
        raise Http404(_("There is no such contact, or it is not yours to see."))
    actions.refuse_merged(found)
    initial = ChangedContactForm.initial_of(found, queries.points_of(found))
    form_of = partial(ChangedContactForm, entitling=access.may_entitle(actor, customer), initial=initial)

    def act(form: Any, version: int) -> Contact:
        if version == found.version and all(initial[name] == value for name, value in form.cleaned_data.items()):
            messages.success(request, _("Nothing was changed."))
            return found
        after = actions.change_contact(found, actor=actor, version=version, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return after

    page = FormPage(_("Change the contact"), _("Save the contact"), path_of(customer), clause="5.4.2")
    return changed(request, page, found, form_of(), form_of, act)
