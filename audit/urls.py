"""Addresses of the review."""

from __future__ import annotations

from django.urls import path

from audit.views import findings, listing, reviewing

urlpatterns = [
    path("audit/", listing.reviews, name="audit"),
    path("audit/findings/<int:finding_id>/", findings.one, name="audit-finding"),
    path("audit/findings/<int:finding_id>/correct/", findings.correct, name="audit-correct"),
    path("audit/findings/<int:finding_id>/verify/", findings.verify, name="audit-verify"),
    path("audit/<str:number>/", reviewing.record, name="audit-record"),
    path("audit/<str:number>/start/", reviewing.start, name="audit-start"),
    path("audit/<str:number>/conclude/", reviewing.conclude, name="audit-conclude"),
    path("audit/<str:number>/finding/", reviewing.find, name="audit-find"),
    path("audit/<str:number>/sign/", reviewing.sign, name="audit-sign"),
    path("audit/<str:number>/findings/", findings.found, name="audit-findings"),
]
