"""The controlled document."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.procedure import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("procedure/", views.procedure, name="procedure"),
]
