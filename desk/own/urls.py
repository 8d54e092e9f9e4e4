"""Watching and putting off."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.own import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("records/<str:number>/watch/", views.watch, name="record-watch"),
    path("records/<str:number>/remind/", views.remind, name="record-remind"),
    path("records/<str:number>/remind/end/", views.unremind, name="record-unremind"),
]
