"""Watching and putting off."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.own import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("records/<str:number>/watch/", views.watch, name="record-watch"),
    # Among the steps, so that it opens within the page of the record as they do.
    path("records/<str:number>/do/remind/", views.remind, name="record-remind"),
    path("records/<str:number>/unremind/", views.unremind, name="record-unremind"),
]
