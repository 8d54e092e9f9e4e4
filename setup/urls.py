"""Moving in: the first account, and what is still missing; and moving out."""

from __future__ import annotations

from django.urls import path

from setup.views import leaving, page, procedure, start

urlpatterns = [
    path("start/", start.start, name="start"),
    path("settings/setup/", page.setup, name="setup"),
    path("settings/setup/confirm/<str:kind>/", page.confirm, name="setup-confirm"),
    path("settings/setup/procedure/", procedure.header, name="procedure-header"),
    path("settings/setup/procedure/text/", procedure.official_text, name="procedure-text"),
    path("settings/people/<int:key>/leave/", leaving.leave, name="person-leave"),
]
