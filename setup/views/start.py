"""开始使用: the first administrator of a new desk."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import open_first_account, record_sign_in
from accounts.first_code import is_unopened
from accounts.models import User
from accounts.passwords import address_of
from ledger.exceptions import Refused
from ledger.forms import add_errors
from setup.forms import FirstAccountForm


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the code and the first administrator, and sign them in; once there is an account, the sign-in page."""
    if not is_unopened():
        return redirect("sign-in")
    form = FirstAccountForm(request.POST or None)
    user = _opened(request, form) if form.is_bound and form.is_valid() else None
    if user is None:
        return render(request, "setup/start.html", {"form": form}, status=422 if form.is_bound else 200)
    login(request, user, backend="accounts.signed_in.Accounts")
    record_sign_in(user, address=address_of(request))
    return redirect("setup")


def _opened(request: HttpRequest, form: FirstAccountForm) -> User | None:
    names = ("code", "name", "username", "employee_number", "password")
    values: dict[str, str] = {name: form.cleaned_data[name] for name in names}
    try:
        return open_first_account(**values, address=address_of(request))
    except Refused as refused:
        add_errors(form, refused)
        return None
