"""Absences: the own ones, those that one stands in for, and those of the department."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import access, actions, queries
from accounts.forms.own import AbsenceForm, DeclineForm, own_roles
from accounts.models import Delegation, Role
from accounts.requests import DeskRequest
from accounts.views.common import FormPage, changed
from accounts.views.standing import lent_lines
from base.clock import now
from ledger.forms import carried_out, posted_version


@require_GET
@login_required
def absences(request: DeskRequest) -> HttpResponse:
    """What I lend and stand in for, and as a head who of the department is away; two statements at most."""
    user, at = queries.account_of(request.actor), now()
    lines = lent_lines(queries.all_delegations_of(user), user, at)
    headed = request.actor.departments(Role.DEPARTMENT_HEAD)
    context = {
        "given": [line for line in lines if line.is_given],
        "received": [line for line in lines if not line.is_given],
        "department": lent_lines(queries.absences_in(headed), user, at) if headed else None,
        "may_lend": bool(own_roles(request.actor)),
    }
    return render(request, "accounts/absences.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new_absence(request: DeskRequest) -> HttpResponse:
    """An absence in a form, and with POST entered."""
    roles = [value for value, _label in own_roles(request.actor)]
    begins = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    initial = {"roles": roles, "starts_at": begins, "ends_at": begins + timedelta(days=1)}
    form = AbsenceForm(request.POST or None, initial=initial, actor=request.actor)
    if request.method == "POST":
        made = carried_out(form, lambda: actions.be_away(actor=request.actor, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("Your deputy is entered, and can decline."))
            return HttpResponseRedirect(reverse("absences"))
    note = _("The deputy does what your roles allow, in your place; both names stand on the record.")
    page = FormPage(_("Enter an absence"), _("Enter the absence"), path_to(), clause="4.1", note=note)
    return page.answer(request, form)


@require_POST
@login_required
def end_absence(request: DeskRequest, key: int) -> HttpResponse:
    """Be back early."""
    actions.end_delegation(_found(key), actor=request.actor, version=posted_version(request.POST))
    messages.success(request, _("Ended. The role is with its holder again."))
    return HttpResponseRedirect(reverse("absences"))


@require_http_methods(["GET", "POST"])
@login_required
def decline(request: DeskRequest, key: int) -> HttpResponse:
    """The reason in a form, and with POST the deputy stands in no more."""
    found = _found(key)
    access.require_decline(request.actor, found)

    def act(form: Any, version: int) -> Delegation:
        after = actions.decline_delegation(found, actor=request.actor, version=version, **form.cleaned_data)
        messages.success(request, _("Declined. %(name)s sees it.") % {"name": found.from_user.get_full_name()})
        return after

    said = _("%(name)s counts on you: %(role)s.")
    note = said % {"name": found.from_user.get_full_name(), "role": Role(found.role).label}
    page = FormPage(_("Decline to stand in"), _("Decline"), path_to(), clause="4.1", note=note)
    return changed(request, page, found, DeclineForm(), DeclineForm, act)


def path_to() -> list[tuple[str, str]]:
    """The pages above those of an absence."""
    return [(_("My account"), reverse("my")), (_("Absences"), reverse("absences"))]


def _found(key: int) -> Delegation:
    found = queries.delegation(key)
    if found is None:
        raise Http404(_("There is no such absence."))
    return found
