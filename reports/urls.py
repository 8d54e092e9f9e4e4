"""Addresses of the figures."""

from __future__ import annotations

from django.urls import path

from reports.views import export, listing, overview

urlpatterns = [
    path("reports/", overview.overview, name="reports"),
    path("reports/table/<str:kind>/", export.export, name="reports-table"),
    path("reports/records/", listing.records, name="reports-records"),
]
