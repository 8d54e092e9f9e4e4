"""The moving-in workbook."""

from __future__ import annotations

from django.urls import path

from workbook.views import imports, rows, workbook

BASE = "settings/setup/workbook/"
urlpatterns = [
    path(BASE, workbook.workbook, name="workbook"),
    path(f"{BASE}file/", workbook.export, name="workbook-export"),
    path(f"{BASE}<int:key>/", imports.plan, name="workbook-import"),
    path(f"{BASE}<int:key>/progress/", imports.progress_part, name="workbook-progress"),
    path(f"{BASE}<int:key>/marked/", rows.marked, name="workbook-marked"),
    path(f"{BASE}<int:key>/rows/<str:sheet>/<int:row>/", rows.mend, name="workbook-mend"),
    path(f"{BASE}<int:key>/<str:step>/", imports.take_step, name="workbook-step"),
]
