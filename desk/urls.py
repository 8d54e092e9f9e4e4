"""Addresses of the pages that several rooms feed; each page brings its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

PAGES = (
    *("home", "team", "own", "live", "bell", "call", "queues", "procedure", "records", "record", "steps", "settings"),
    "customers",
)

urlpatterns: list[URLPattern | URLResolver] = [path("", include(f"desk.{page}.urls")) for page in PAGES]
