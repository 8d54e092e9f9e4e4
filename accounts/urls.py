"""Signing in and out, and the own password."""

from django.urls import path

from accounts.views import sessions

urlpatterns = [
    path("sign-in/", sessions.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sessions.SignOut.as_view(), name="sign-out"),
    path("form-token/", sessions.form_token, name="form-token"),
    path("password/", sessions.PasswordChange.as_view(), name="password-change"),
]
