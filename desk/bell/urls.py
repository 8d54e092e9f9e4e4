"""The bell."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.bell import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/seen/", views.seen, name="notifications-seen"),
]
