"""The steps of a record, each with its form."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.steps.views import screening, steps

urlpatterns: list[URLPattern | URLResolver] = [
    path("records/<str:number>/do/<str:verb>/", steps.step, name="record-step"),
    path("records/<str:number>/screen/", screening.screen, name="record-screen"),
    path("records/<str:number>/screen/party/", screening.party, name="record-party"),
    path("records/<str:number>/follows/", screening.follows, name="record-follows"),
]
