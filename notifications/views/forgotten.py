"""忘记密码: the way back for who has forgotten the password, which tells a stranger nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.passwords import address_of
from accounts.rates import refuse_beyond
from base.outgoing import mail_leaves
from ledger.forms import carried_out
from notifications import actions
from notifications.forms import ForgottenForm
from ui.rates import AddressRate, NamedRate


class Asking(AddressRate):
    """So many questions from one address."""

    scope = "forgotten"


class AskingFor(NamedRate):
    """So many questions for one account, wherever they come from."""

    scope = "forgotten_account"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for account or address, and with POST the same answer to everybody; without a mail server, whom to ask."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        sentence = _("Too many links were asked for. Wait an hour, or ask an administrator for a link.")
        refuse_beyond([Asking(), AskingFor(name)], request, action="ask_password_link", sentence=sentence)
        if carried_out(form, lambda: _asked(name, request)):
            return redirect("password-asked")
    context = {"form": form, "mail_leaves": mail_leaves()}
    return render(request, "registration/forgotten.html", context, status=422 if form.is_bound else 200)


@require_GET
@never_cache
def asked(request: HttpRequest) -> HttpResponse:
    """What happens now, in the same words whoever was named."""
    return render(request, "registration/forgotten_asked.html")


def _asked(name: str, request: HttpRequest) -> bool:
    actions.ask_for_link(name, address=address_of(request))
    return True
