"""Two entries for the same become one: chosen, looked at, agreed to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts import actions as accounts
from accounts.requests import DeskRequest
from desk.customers.forms import MergeContactsForm, MergeCustomerForm
from desk.customers.views.customers import found_customer, path_of
from ledger.exceptions import Invalid
from ledger.forms import carried_out
from setup import actions, queries


@dataclass(frozen=True)
class MergePage:
    """How a page of merging looks: what it is about, the part that shows what moves, where it leads back to."""

    title: str
    note: str
    preview: str
    path: list[tuple[str, str]]

    @property
    def back(self) -> str:
        return self.path[-1][1]


@require_http_methods(["GET", "POST"])
@login_required
def contacts(request: DeskRequest, key: int) -> HttpResponse:
    """Two contacts to choose, then what would move; with POST exactly that is merged."""
    actor, customer = request.actor, found_customer(request, key)
    access.require_keep_contact(actor, customer, entitling=False)
    note = _(
        "Nothing is deleted: the entry that ends stays on closed records, and the other one gets its numbers, its "
        "addresses and what is open."
    )
    page = MergePage(_("Merge two contacts"), note, "desk/customers/_merge_contacts.html", path_of(customer))
    form = MergeContactsForm(_chosen(request), customer=customer)
    return _answer(
        request,
        page,
        form,
        preview=lambda given: queries.contact_merging(actor, **given),
        act=lambda given, digest: actions.merge_contacts(**given, actor=actor, digest=digest),
    )


@require_http_methods(["GET", "POST"])
@login_required
def customer(request: DeskRequest, key: int) -> HttpResponse:
    """The customer that stays to choose, then what would move; with POST exactly that is merged."""
    actor, found = request.actor, found_customer(request, key)
    access.require_keep_customer(actor, found.department)
    accounts.refuse_merged(found)
    note = _(
        "Nothing is deleted: this customer stays on closed records and is served no more. Its contacts, its contracts "
        "that hold and what is open go over to the other one."
    )
    title = _("Merge %(name)s into another customer") % {"name": found.name}
    page = MergePage(title, note, "desk/customers/_merge_customers.html", path_of(found))
    offered = access.customers_to_keep(actor).exclude(pk=found.pk).select_related("department")
    return _answer(
        request,
        page,
        MergeCustomerForm(_chosen(request), offered=offered),
        preview=lambda given: queries.customer_merging(actor, found, **given),
        act=lambda given, digest: actions.merge_customers(found, **given, actor=actor, digest=digest),
    )


def _chosen(request: DeskRequest) -> Any:
    given = request.POST if request.method == "POST" else request.GET
    return given if "kept" in given else None


def _answer(
    request: DeskRequest,
    page: MergePage,
    form: Form,
    *,
    preview: Callable[[dict[str, Any]], object],
    act: Callable[[dict[str, Any], str], Any],
) -> HttpResponse:
    if request.method == "POST":
        digest = request.POST.get("digest", "")
        if (kept := carried_out(form, lambda: act(form.cleaned_data, digest))) is not None:
            messages.success(request, _("Merged. %(name)s goes on for both.") % {"name": kept})
            return HttpResponseRedirect(page.back)
    chosen = form.is_bound and not set(form.errors) & set(form.fields)
    moving = preview({name: form.cleaned_data[name] for name in form.fields}) if chosen else None
    status = Invalid.status if form.is_bound and form.errors else 200
    return render(request, "desk/customers/merge.html", {"page": page, "form": form, "moving": moving}, status=status)
