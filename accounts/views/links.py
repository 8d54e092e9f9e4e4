"""Links by which a password is set: made by an administrator, used once by whoever gets it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, queries
from accounts.actions.tokens import digest_of
from accounts.forms.sessions import LinkPasswordForm
from accounts.rates import LinkPages, LinkTries, refuse_beyond
from accounts.requests import DeskRequest
from accounts.views.common import for_administrators
from accounts.views.people import found_person, path_to
from ledger.forms import carried_out

# The session keeps the digest alone: whoever reads the sessions opens nothing with it.
OPENED = "password_link"
SLOWER = gettext_lazy("Too many tries at once. Wait a few minutes, then open the link again; it works as before.")


@require_POST
@login_required
@for_administrators
@never_cache
def make(request: DeskRequest, key: int) -> HttpResponse:
    """A new link for somebody, shown this once; one that was open before ends."""
    found = found_person(request, key)
    link, secret = actions.make_password_link(found, actor=request.actor)
    address = settings.PUBLIC_URL.rstrip("/") + reverse("password-link", args=[secret])
    context = {"person": found, "link": link, "address": address, "path": path_to(found)}
    return render(request, "accounts/password_link.html", context)


@require_GET
@never_cache
def follow(request: DeskRequest, secret: str) -> HttpResponse:
    """Remember what was opened and lead to the form, so that no address holds the secret any longer."""
    refuse_beyond([LinkPages()], request, action="follow_password_link", sentence=SLOWER)
    request.session[OPENED] = digest_of(secret)
    return HttpResponseRedirect(reverse("password-set"))


@require_http_methods(["GET", "POST"])
@never_cache
def set_password(request: DeskRequest) -> HttpResponse:
    """The new password twice, and with POST set; a link that opens nothing is told at once."""
    digest = request.session.get(OPENED, "")
    tries = [LinkTries(digest)] if request.method == "POST" else []
    refuse_beyond([LinkPages(), *tries], request, action="use_password_link", sentence=SLOWER)
    user = queries.owner_of_link(digest)
    if user is None:
        return render(request, "registration/link_spent.html", status=410)
    form = LinkPasswordForm(user, request.POST or None)
    if request.method == "POST":
        password: Any = form.data.get("new_password1", "")
        if carried_out(form, lambda: actions.use_password_link(digest, password=password)):
            request.session.flush()
            messages.success(request, _("Your password is set. Sign in with it."))
            return HttpResponseRedirect(reverse("sign-in"))
    status = 422 if form.is_bound else 200
    return render(request, "registration/set_password.html", {"form": form, "account": user.username}, status=status)
