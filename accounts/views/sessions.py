"""Signing in and out, and the own password."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import actions
from accounts.actors import actor_for
from accounts.first_code import is_unopened
from accounts.forms.sessions import OwnPasswordForm, SignInForm
from accounts.models import User
from accounts.passwords import address_of
from base.clock import now


class SignIn(auth.LoginView):
    """Opens a session and goes where `next` says, if that is a page of this site; a desk without any account is opened
    first."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return redirect(settings.FIRST_START_URL) if is_unopened() else super().get(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        user = form.get_user()
        actions.record_sign_in(user, address=address_of(self.request))
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            remember_language(response, user.language)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if form.data.get("username") and form.data.get("password"):
            locked = bool(getattr(self.request, "axes_locked_out", False))
            actions.record_failed_sign_in(form.data["username"], address=address_of(self.request), locked=locked)
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class SignOut(auth.LogoutView):
    """Ends the session; POST only."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if isinstance(request.user, User):
            actions.record_sign_out(request.user, address=address_of(request))
        return super().post(request, *args, **kwargs)


class PasswordChange(auth.PasswordChangeView):
    """Sets the own password; this session stays, all others end."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy(settings.LOGIN_REDIRECT_URL)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        user = actions.change_password(
            actor=actor_for(self.request.user),
            password=form.cleaned_data["new_password1"],
        )
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("Password changed. Other devices are signed out."))
        return HttpResponseRedirect(self.get_success_url())


def remember_language(response: HttpResponse, language: str) -> None:
    """Set the cookie that Django reads, with the attributes that its name promises."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


@require_GET
def form_token(request: HttpRequest) -> JsonResponse:
    """Who is signed in here now, and what the forms of pages that were opened before must carry since."""
    return JsonResponse({"user": str(request.user.pk or ""), "token": get_token(request)})


def locked_out(request: HttpRequest, _answer: HttpResponse | None, _credentials: object) -> HttpResponse:
    """What axes shows instead of the form after too many wrong passwords: until when, and whom to ask."""
    context = {"form": SignInForm(request), "next": "", "locked_until": now() + get_cool_off(request)}
    return render(request, "registration/login.html", context, status=429)
