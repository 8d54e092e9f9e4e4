"""Departments: the list, one of them, and its form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, queries
from accounts.actors import local_day
from accounts.forms.departments import DepartmentForm, EndDepartmentForm, NewDepartmentForm
from accounts.models import Department, Role
from accounts.requests import DeskRequest
from accounts.views.common import FormPage, changed, for_administrators, list_address, searched
from base.clock import now
from ledger.forms import carried_out, posted_version

Mark = tuple[str, str, str]


@require_GET
@login_required
@for_administrators
def departments(request: DeskRequest) -> HttpResponse:
    """One page of the departments by code."""
    text = searched(request)
    page = queries.department_page(text, request.GET.get("cursor", ""))
    context = {
        "rows": [(each, Department.Kind(each.kind).label, mark_of(each)) for each in page.rows],
        "bar": {"url": reverse("departments"), "q": text, "clear_url": reverse("departments")},
        "narrowed": bool(text),
        **page.addresses(lambda cursor: list_address("departments", q=text, cursor=cursor)),
    }
    return render(request, "accounts/departments.html", context)


@require_GET
@login_required
@for_administrators
def department(request: DeskRequest, key: int) -> HttpResponse:
    """What a department is, who holds a role for it, and what belongs to it; four statements of its own at most."""
    found = _found(key)
    context = {
        "department": found,
        "kind": Department.Kind(found.kind).label,
        "mark": mark_of(found),
        "roles": [(Role(each.role).label, each) for each in queries.roles_of_department(found)],
    }
    return render(request, "accounts/department.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def new_department(request: DeskRequest) -> HttpResponse:
    """An empty form, and with POST the new department."""
    form = NewDepartmentForm(request.POST or None, initial={"kind": Department.Kind.BUSINESS})
    if request.method == "POST":
        made = carried_out(form, lambda: actions.create_department(actor=request.actor, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("%(name)s is entered. Add its people next.") % {"name": made})
            return HttpResponseRedirect(reverse("department", args=[made.pk]))
    page = FormPage(_("Add a department"), _("Add this department"), _path(), clause="4.1")
    return page.answer(request, form)


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def change_department(request: DeskRequest, key: int) -> HttpResponse:
    """Names, kind and description in a form, and with POST the change of them."""
    found = _found(key)

    def act(form: Any, version: int) -> Department:
        after = actions.change_department(found, actor=request.actor, version=version, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return after

    page = FormPage(_("Change the department"), _("Save the department"), _path(found), clause="4.1")
    standing = DepartmentForm(initial=DepartmentForm.initial_of(found))
    return changed(request, page, found, standing, DepartmentForm, act)


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def end_department(request: DeskRequest, key: int) -> HttpResponse:
    """The last day in a form, and with POST the end; what still belongs to it is told."""
    found = _found(key)

    def act(form: Any, version: int) -> Department:
        last = form.cleaned_data["on"]
        after = actions.end_department(found, actor=request.actor, version=version, on=last)
        messages.success(request, _("%(name)s ends on %(day)s.") % {"name": after, "day": last})
        return after

    note = _("It takes no more people, customers and roles then. What it did stays, and its end can be taken back.")
    page = FormPage(_("End the department"), _("End this department"), _path(found), clause="4.1", note=note)
    standing = EndDepartmentForm(initial={"on": found.ended_on or local_day(now())})
    return changed(request, page, found, standing, EndDepartmentForm, act)


@require_POST
@login_required
@for_administrators
def reopen_department(request: DeskRequest, key: int) -> HttpResponse:
    """Take the end back."""
    found = _found(key)
    after = actions.reopen_department(found, actor=request.actor, version=posted_version(request.POST))
    messages.success(request, _("%(name)s goes on.") % {"name": after})
    return HttpResponseRedirect(reverse("department", args=[key]))


def mark_of(department: Department) -> Mark:
    """Word, tone and icon of whether the department goes on."""
    if department.ended_on is None:
        return _("In use"), "green", "check"
    day = {"day": department.ended_on}
    if department.has_ended(local_day(now())):
        return _("Ended on %(day)s") % day, "grey", "circle-minus"
    return _("Ends on %(day)s") % day, "amber", "calendar-event"


def _path(found: Department | None = None) -> list[tuple[str, str]]:
    path = [(_("Settings"), reverse("settings")), (_("Departments"), reverse("departments"))]
    return [*path, (str(found), reverse("department", args=[found.pk]))] if found else path


def _found(key: int) -> Department:
    found = queries.department(key)
    if found is None:
        raise Http404(_("There is no such department."))
    return found
