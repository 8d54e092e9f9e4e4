"""Moving in: the first account, and what is still missing."""

from __future__ import annotations

from django.urls import path

from setup.views import page, start

urlpatterns = [
    path("start/", start.start, name="start"),
    path("settings/setup/", page.setup, name="setup"),
    path("settings/setup/confirm/<str:kind>/", page.confirm, name="setup-confirm"),
]
