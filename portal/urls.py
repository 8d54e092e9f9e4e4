"""Addresses of the pages that several rooms feed; each page brings its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from portal.views import desk, listing, register

urlpatterns: list[URLPattern | URLResolver] = [
    path("", desk.desk, name="desk"),
    path("records/", listing.records, name="records"),
    path("register/", register.register, name="register"),
    path("register/contacts/", register.contacts, name="register-contacts"),
    path("register/caller/", register.caller, name="register-caller"),
    path("register/like/", register.like, name="register-like"),
]
