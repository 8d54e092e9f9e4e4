"""What open pages ask."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.live import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("live/", views.news, name="live"),
    path("live/frame/", views.frame, name="live-frame"),
]
