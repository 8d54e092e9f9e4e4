"""What 设置 holds."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.settings import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/", views.settings, name="settings"),
]
