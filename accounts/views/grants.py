"""Giving roles, ending them, and handing them on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts import access, actions, queries
from accounts.actors import local_day
from accounts.forms.grants import CustomersForm, DutyForm, EndGrantForm, GrantForm, HeadForm, RoleForm, SuccessorForm
from accounts.models import RoleGrant
from accounts.requests import DeskRequest
from accounts.views.common import FormPage, changed, for_administrators
from accounts.views.people import found_person, path_to
from accounts.wording import role_of
from base.clock import now
from ledger.forms import carried_out
from ui.fields import Label

WAYS: dict[str, tuple[Label, type[GrantForm]]] = {
    "customers": (gettext_lazy("Project manager for customers"), CustomersForm),
    "head": (gettext_lazy("Head of a department"), HeadForm),
    "duty": (gettext_lazy("Duty desk and records custodian"), DutyForm),
    "role": (gettext_lazy("Any role"), RoleForm),
}


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def new_grants(request: DeskRequest, key: int) -> HttpResponse:
    """Roles in the form that `way` names, and with POST given."""
    found = found_person(request, key)
    access.require_grant_roles(request.actor, found)
    way = request.GET.get("way", "")
    way = way if way in WAYS else "customers"
    initial = {"starts_on": local_day(now()), "department": found.department_id if way in ("head", "duty") else None}
    form = WAYS[way][1](request.POST or None, initial=initial)
    if request.method == "POST":
        made = carried_out(
            form, lambda: actions.grant_roles(actor=request.actor, user=found, scopes=form.scopes(), **_dated(form))
        )
        if made is not None:
            done = ngettext("%(count)d role given to %(name)s.", "%(count)d roles given to %(name)s.", len(made))
            messages.success(request, done % {"count": len(made), "name": found})
            return HttpResponseRedirect(reverse("person", args=[key]))
    title = _("Give roles to %(name)s") % {"name": found.get_full_name()}
    page = FormPage(title, _("Give the roles"), path_to(found), clause="4.1", ways=_ways(key, way))
    return page.answer(request, form)


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def end_grant(request: DeskRequest, key: int) -> HttpResponse:
    """The last day of a role in a form, and with POST its end."""
    found = _grant(request, key)

    def act(form: Any, version: int) -> RoleGrant:
        after = actions.end_grant(found, actor=request.actor, version=version, on=form.cleaned_data["ends_on"])
        messages.success(request, _("The role ends on %(day)s.") % {"day": after.ends_on})
        return after

    note = _("%(name)s holds it: %(role)s. What was done in the role stays.") % _named(found)
    page = FormPage(_("End the role"), _("End this role"), path_to(found.user), clause="4.1", note=note)
    standing = EndGrantForm(initial={"ends_on": found.ends_on or local_day(now())})
    return changed(request, page, found, standing, EndGrantForm, act)


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def hand_on(request: DeskRequest, key: int) -> HttpResponse:
    """A successor in a form, and with POST the end of the one grant and the beginning of the other."""
    found = _grant(request, key)

    def form(typed: Any = None, **options: Any) -> SuccessorForm:
        return SuccessorForm(typed, holder=found.user, **options)

    def act(typed: Any, version: int) -> RoleGrant:
        after = actions.give_to_successor(found, actor=request.actor, version=version, **typed.cleaned_data)
        said = _("%(name)s holds the role from %(day)s on.")
        messages.success(request, said % {"name": after.user, "day": after.starts_on})
        return after

    note = _("%(name)s holds it: %(role)s. Both changes are made together, or none.") % _named(found)
    title = _("Give the role to a successor")
    page = FormPage(title, _("Give it to the successor"), path_to(found.user), clause="4.1", note=note)
    return changed(request, page, found, form(initial={"starts_on": local_day(now())}), form, act)


def _grant(request: DeskRequest, key: int) -> RoleGrant:
    found = queries.grant(key)
    if found is None:
        raise Http404(_("There is no such role grant."))
    access.require_grant_roles(request.actor, found.user)
    return found


def _dated(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("starts_on", "ends_on", "reason")}


def _named(grant: RoleGrant) -> dict[str, str]:
    return {"name": grant.user.get_full_name(), "role": role_of(grant)}


def _ways(key: int, current: str) -> list[dict[str, Any]]:
    address = reverse("person-grant", args=[key])
    return [
        {"label": label, "url": f"{address}?way={name}", "current": name == current, "count": None}
        for name, (label, _form) in WAYS.items()
    ]
