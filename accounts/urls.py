"""Signing in and out, and the own password."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("form-token/", views.form_token, name="form-token"),
    path("password/", views.PasswordChange.as_view(), name="password-change"),
]
