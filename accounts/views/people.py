"""People: the list, one of them, and the forms of a person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import access, actions, queries
from accounts.actors import local_day
from accounts.forms.people import NewPersonForm, PersonForm, QualificationForm
from accounts.models import Department, Role, User
from accounts.queries import Wanted
from accounts.requests import DeskRequest
from accounts.views.common import FormPage, changed, for_administrators, list_address, searched
from accounts.views.standing import lent_lines, proof_lines, role_lines
from base.clock import now
from base.outgoing import mail_leaves
from base.parsing import number
from ledger.forms import carried_out, posted_version

STATES = {"active": gettext_lazy("May sign in"), "left": gettext_lazy("Account closed"), "all": gettext_lazy("All")}


@require_GET
@login_required
def people(request: DeskRequest) -> HttpResponse:
    """One page of the people whom the reader sees, by number, with the roles of each; constant statements."""
    actor = request.actor
    access.require_read_people(actor)
    given = {name: request.GET.get(name, "") for name in ("department", "role", "state")}
    wanted = _wanted(searched(request), **given)
    page = queries.people_page(access.people(actor), wanted, request.GET.get("cursor", ""))
    roles = queries.roles_of(page.rows)
    departments = list(queries.all_departments())
    shown = {"q": wanted.text, **{name: value for name, value in given.items() if value}}
    context = {
        "rows": [(each, roles.get(each.pk, [])) for each in page.rows],
        "bar": _bar(wanted, shown, departments),
        "narrowed": bool(shown["q"] or len(shown) > 1),
        "may_keep": access.may_administer(actor),
        **page.addresses(lambda cursor: list_address("people", **shown, cursor=cursor)),
    }
    return render(request, "accounts/people.html", context)


@require_GET
@login_required
def person(request: DeskRequest, key: int) -> HttpResponse:
    """Who somebody is, which roles he holds, held and will hold, his proofs and deputies; constant statements."""
    found, today = found_person(request, key), local_day(now())
    context = {
        "person": found,
        "roles": role_lines(queries.grants_of(found), today),
        "proofs": proof_lines(queries.qualifications_of(found), today),
        "lent": lent_lines(queries.all_delegations_of(found), found, now()),
        "reads": User.Language(found.language).label,
        "may_keep": access.may_administer(request.actor),
        "may_grant": access.may_change_roles_of(request.actor, found) and found.is_active,
        "may_end": access.may_change_roles_of(request.actor, found),
        "mail_leaves": mail_leaves(),
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def new_person(request: DeskRequest) -> HttpResponse:
    """An empty form, and with POST the new account, which holds no role yet."""
    initial = {"language": User.Language.CHINESE, "department": request.GET.get("department", "")}
    form = NewPersonForm(request.POST or None, initial=initial)
    if request.method == "POST":
        made = carried_out(form, lambda: actions.create_user(actor=request.actor, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("%(name)s has an account. Give roles next.") % {"name": made})
            return HttpResponseRedirect(reverse("person", args=[made.pk]))
    page = FormPage(_("Add a person"), _("Open the account"), path_to(), clause="4.1")
    return page.answer(request, form)


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def change_person(request: DeskRequest, key: int) -> HttpResponse:
    """What is kept of a person in a form, and with POST the change of it."""
    found = found_person(request, key)

    def form(typed: Any = None, **options: Any) -> PersonForm:
        return PersonForm(typed, person=found, **options)

    def act(typed: Any, version: int) -> User:
        after = actions.change_user(found, actor=request.actor, version=version, **typed.cleaned_data)
        messages.success(request, _("Saved."))
        return after

    page = FormPage(_("Change the person"), _("Save the person"), path_to(found), clause="4.1")
    return changed(request, page, found, form(initial=PersonForm.initial_of(found)), form, act)


@require_POST
@login_required
@for_administrators
def reopen_person(request: DeskRequest, key: int) -> HttpResponse:
    """Let somebody sign in again whose account was closed; a password has to be given anew."""
    found = found_person(request, key)
    version = posted_version(request.POST)
    after = actions.change_user(found, actor=request.actor, version=version, is_active=True)
    messages.success(request, _("%(name)s may sign in again, with a new password.") % {"name": after})
    return HttpResponseRedirect(reverse("person", args=[key]))


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def new_qualification(request: DeskRequest, key: int) -> HttpResponse:
    """A proof of skill in a form, and with POST kept."""
    found = found_person(request, key)
    form = QualificationForm(request.POST or None, initial={"obtained_on": local_day(now())})
    if request.method == "POST":
        made = carried_out(
            form, lambda: actions.record_qualification(actor=request.actor, user=found, **form.cleaned_data)
        )
        if made is not None:
            messages.success(request, _("The proof is kept."))
            return HttpResponseRedirect(reverse("person", args=[key]))
    page = FormPage(_("Add a proof of skill"), _("Keep the proof"), path_to(found), clause="8")
    return page.answer(request, form)


def path_to(found: User | None = None) -> list[tuple[str, str]]:
    """The pages above those of a person."""
    path = [(_("Settings"), reverse("settings")), (_("People"), reverse("people"))]
    return [*path, (found.get_full_name(), reverse("person", args=[found.pk]))] if found else path


def found_person(request: DeskRequest, key: int) -> User:
    """The person with that key whom the reader sees, or 404."""
    access.require_read_people(request.actor)
    found = queries.person(access.people(request.actor), key)
    if found is None:
        raise Http404(_("There is no such person, or it is not yours to see."))
    return found


def _wanted(text: str, *, department: str, role: str, state: str) -> Wanted:
    state = state if state in STATES else "active"
    return Wanted(
        text,
        department=number(department) if department else None,
        role=role if role in Role.values else "",
        state="" if state == "all" else state,
    )


def _bar(wanted: Wanted, shown: dict[str, str], departments: list[Department]) -> dict[str, Any]:
    """The search, and three filters; each choice keeps the others."""
    state = wanted.state or "all"
    choices = {
        "department": (_("Department"), [(str(each.pk), str(each)) for each in departments]),
        "role": (_("Role"), [(role.value, str(role.label)) for role in Role if role is not Role.STAFF]),
        "state": (_("Account"), [(name, str(label)) for name, label in STATES.items()]),
    }
    chosen = {"department": str(wanted.department or ""), "role": wanted.role, "state": state}
    return {
        "url": reverse("people"),
        "q": wanted.text,
        "hidden": {name: value for name, value in shown.items() if name != "q"},
        "chips": [
            {"label": label, "value": dict(options).get(chosen[name], "–"), "remove_url": _without(shown, name)}
            for name, (label, options) in choices.items()
            if chosen[name] and not (name == "state" and state == "active")
        ],
        "filters": [
            {
                "label": label,
                "options": [
                    {
                        "label": words,
                        "url": list_address("people", **{**shown, name: value}),
                        "selected": value == chosen[name],
                    }
                    for value, words in options
                ],
            }
            for name, (label, options) in choices.items()
        ],
        "clear_url": reverse("people"),
    }


def _without(shown: dict[str, str], name: str) -> str:
    return list_address("people", **{key: value for key, value in shown.items() if key != name})
