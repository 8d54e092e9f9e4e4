"""Logging or relaying a call."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.call import callers, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", views.register, name="register"),
    path("register/contacts/", callers.contacts, name="register-contacts"),
    path("register/caller/", views.caller, name="register-caller"),
    path("register/like/", views.like, name="register-like"),
]
