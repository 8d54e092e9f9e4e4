"""One record: its page, its files, its reasons."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.record.views import alarms, drafting, record, why

urlpatterns: list[URLPattern | URLResolver] = [
    path("records/<str:number>/", record.record, name="record"),
    path("records/<str:number>/acknowledge/", alarms.acknowledge, name="record-acknowledge"),
    path("records/<str:number>/draft/", drafting.draft, name="record-draft"),
    path("records/<str:number>/why/", why.why, name="record-why"),
    path("records/<str:number>/files/<int:key>/", record.attachment, name="record-file"),
    path("records/<str:number>/files/<int:key>/preview/", record.preview, name="record-preview"),
    path("records/<str:number>/annexes/<int:key>/", record.annex, name="record-annex"),
]
