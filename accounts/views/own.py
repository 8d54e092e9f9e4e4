"""The own account: profile, preferences, keys for programs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, queries
from accounts.forms.own import OwnForm, TokenForm
from accounts.models import ApiToken, User
from accounts.requests import DeskRequest
from accounts.views.common import FormPage
from accounts.views.sessions import remember_language
from base.clock import now
from ledger.exceptions import Invalid
from ledger.forms import carried_out

Mark = tuple[str, str, str]


@require_http_methods(["GET", "POST"])
@login_required
def my(request: DeskRequest) -> HttpResponse:
    """Who I am here, what I prefer and which keys I gave to programs, and with POST my choice."""
    user = queries.account_of(request.actor)
    form = OwnForm(request.POST or None, initial=OwnForm.initial_of(user))
    if request.method == "POST":
        kept = carried_out(form, lambda: actions.set_preferences(actor=request.actor, **form.cleaned_data))
        if kept is not None:
            messages.success(request, _("Saved."))
            response = HttpResponseRedirect(reverse("my"))
            remember_language(response, kept.language)
            return response
    tokens = [(each, _mark(each)) for each in queries.tokens_of(user)]
    context = {"form": form, "person": user, "tokens": tokens}
    return render(request, "accounts/my.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def theme(request: DeskRequest) -> HttpResponse:
    """Keep the theme that was switched in the menu; the page shows it already."""
    chosen = request.POST.get("theme", "")
    if chosen not in User.Theme.values:
        raise Invalid({"theme": [_("Choose one of the themes.")]})
    actions.set_preferences(actor=request.actor, theme=chosen)
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def new_token(request: DeskRequest) -> HttpResponse:
    """A key in a form, and with POST the key, shown this once."""
    user = queries.account_of(request.actor)
    form = TokenForm(request.POST or None, initial={"scope": ApiToken.Scope.READ, "days": 90})
    if request.method == "POST":
        values: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
        made = carried_out(form, lambda: actions.create_token(actor=request.actor, user=user, **values))
        if made is not None:
            return render(request, "accounts/token.html", {"token": made[0], "key": made[1]})
    note = _("A program with this key may do what you may. Give it read only where that is enough.")
    page = FormPage(_("Make a key for a program"), _("Make the key"), [(_("My account"), reverse("my"))], note=note)
    return page.answer(request, form)


@require_POST
@login_required
def revoke_token(request: DeskRequest, key: int) -> HttpResponse:
    """End a key at once."""
    found = queries.token(queries.account_of(request.actor), key)
    if found is None:
        raise Http404(_("There is no such key."))
    actions.revoke_token(found, actor=request.actor)
    messages.success(request, _("The key works no more."))
    return HttpResponseRedirect(reverse("my"))


def _mark(token: ApiToken) -> Mark:
    if token.revoked_at is not None:
        return _("Revoked"), "grey", "circle-minus"
    return (_("Valid"), "green", "check") if token.is_valid(now()) else (_("Expired"), "grey", "clock")
