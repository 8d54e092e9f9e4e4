"""Contracts: the list, one of them with its neighbours, and its terms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import Actor, local_day
from accounts.models import Customer
from accounts.requests import DeskRequest
from base.clock import now
from ledger.forms import carried_out, change_page
from procedure.queries import Rules, in_force, rules
from sla import access, actions, queries
from sla.contract_line import line_of, notice_days, standing_of
from sla.forms.contracts import CHANNELS, LEVELS, ContractForm, TargetRow
from sla.models import Closure, Contract
from sla.targets import Target


@require_GET
@login_required
def contracts(request: DeskRequest) -> HttpResponse:
    """One page of the contracts that the reader may see, by number."""
    actor = request.actor
    access.require_read_contracts(actor)
    text = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    page = queries.contract_page(access.contracts(actor), text, request.GET.get("cursor", ""))
    today = local_day(now())
    notice = notice_days(today)
    context = {
        "rows": [(each, *standing_of(each, today, notice, followed)) for each, followed in page.rows],
        "bar": {"url": reverse("contracts"), "q": text, "clear_url": reverse("contracts")},
        "narrowed": bool(text),
        "may_keep": access.may_keep_contracts(actor),
        **page.addresses(lambda cursor: _address(text, cursor)),
    }
    return render(request, "sla/contracts.html", context)


@require_GET
@login_required
def contract(request: DeskRequest, key: int) -> HttpResponse:
    """The terms of one contract, and how it stands among those of its customer; no more statements than for one."""
    actor = request.actor
    found = _readable(actor, key)
    today, all_of = local_day(now()), queries.contracts_of(found.customer)
    book, targets = rules(in_force(today).pk), queries.agreed_targets(found)
    context = {
        "contract": found,
        "mark": standing_of(found, today, notice_days(today), queries.is_followed(found, all_of)),
        "times": [
            (label, Target.from_data(targets[level]).words() if level in targets else "", _matrix(book, level))
            for level, label in LEVELS.items()
        ],
        "responses": _responses(found, book),
        "usual_warnings": [share for share in book.parameter("warning_thresholds_percent") if share < 100],
        "closure": Closure(found.closure).label,
        "line": line_of(all_of, today),
        "may_keep": access.may_keep_contract(actor, found.customer),
        "may_apply": access.may_apply_changes(actor),
    }
    return render(request, "sla/contract.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new_contract(request: DeskRequest) -> HttpResponse:
    """An empty form for a customer, and with POST the new contract."""
    actor = request.actor
    customers = list(access.customers_to_contract(actor).order_by("name"))
    access.require_keep_contracts(actor)
    chosen = request.POST.get("customer") or request.GET.get("customer", "")
    customer = next((each for each in customers if str(each.pk) == chosen), None)
    form = ContractForm(request.POST or None, initial={"closure": Closure.CONTACT})
    if request.method == "POST" and form.is_valid():
        if customer is None:
            form.add_error(None, _("Choose the customer."))
        elif made := _create(form, customer, actor):
            messages.success(request, _("Contract %(number)s is entered.") % {"number": made.number})
            return HttpResponseRedirect(reverse("contract", args=[made.pk]))
    return _terms_page(request, form, customers=customers, customer=customer)


def _create(form: ContractForm, customer: Customer, actor: Actor) -> Contract | None:
    accepted = form.cleaned_data["overlap_accepted"]
    return carried_out(
        form, lambda: actions.create_contract(customer, form.terms(), actor=actor, overlap_accepted=accepted)
    )


@require_http_methods(["GET", "POST"])
@login_required
def terms(request: DeskRequest, key: int) -> HttpResponse:
    """The terms in a form, and with POST the change of them."""
    actor = request.actor
    found = _readable(actor, key)
    access.require_keep_contract(actor, found.customer)

    def change(form: ContractForm, version: int) -> Contract:
        accepted = form.cleaned_data["overlap_accepted"]
        changed = actions.change_contract(
            found.pk, form.terms(), actor=actor, version=version, overlap_accepted=accepted
        )
        messages.success(request, _saved(found, changed))
        return changed

    return change_page(
        request,
        found,
        standing=ContractForm(initial=ContractForm.initial_of(found, queries.agreed_targets(found))),
        typed=ContractForm,
        act=change,
        shown=lambda form, version: _terms_page(request, form, found, version=version),
        title=found.number,
        back=reverse("contract", args=[key]),
    )


def _saved(before: Contract, after: Contract) -> str:
    if before.version == after.version:
        return _("Nothing was changed.")
    return _("Saved. Running clocks keep their terms until the change is applied to them.")


def _readable(actor: Actor, key: int) -> Contract:
    found = queries.contract(access.contracts(actor), key)
    if found is None:
        raise Http404(_("There is no such contract, or it is not yours to see."))
    return found


def _terms_page(
    request: DeskRequest,
    form: ContractForm,
    found: Contract | None = None,
    *,
    version: int | None = None,
    customers: list[Customer] | None = None,
    customer: Customer | None = None,
) -> HttpResponse:
    book = rules(in_force(local_day(now())).pk)
    context: dict[str, Any] = {
        "form": form,
        "contract": found,
        "version": version or (found.version if found else 0),
        "customers": customers or [],
        "customer": customer or (found.customer if found else None),
        "levels": [form.row(f"level{level}", _matrix(book, level)) for level in LEVELS],
        "responses": _response_rows(form, book),
        "usual_warnings": [share for share in book.parameter("warning_thresholds_percent") if share < 100],
    }
    return render(request, "sla/terms.html", context, status=422 if form.is_bound and form.errors else 200)


def _response_rows(form: ContractForm, book: Rules) -> list[TargetRow]:
    by_channel = [form.row(f"response_{channel}", _channel(book, channel)) for channel in CHANNELS]
    return [form.row("response", _("by channel")), *by_channel]


def _matrix(book: Rules, level: int) -> str:
    return Target.from_data(book.target(level)).words()


def _channel(book: Rules, channel: str) -> str:
    return Target.from_data(book.response_target(channel)).words()


def _responses(found: Contract, book: Rules) -> list[tuple[Any, str, str]]:
    """By channel: its name, what the contract says, and what holds without it."""
    rows = []
    for channel, label in CHANNELS.items():
        agreed = found.response_by_channel.get(channel) or found.response_target
        rows.append((label, Target.from_data(agreed).words() if agreed else "", _channel(book, channel)))
    return rows


def _address(text: str, cursor: str) -> str:
    parameters = {name: value for name, value in (("q", text), ("cursor", cursor)) if value}
    return reverse("contracts") + (f"?{urlencode(parameters)}" if parameters else "")
