"""The team, and one colleague of it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.team import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("team/", views.team, name="team"),
    path("team/<int:key>/", views.person, name="team-person"),
]
