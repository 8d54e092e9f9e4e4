"""My desk, and the time of the server."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.home import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.desk, name="desk"),
    path("next/", views.next_work, name="next-work"),
    path("time/", views.time, name="time"),
]
