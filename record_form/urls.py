"""Addresses of the form."""

from __future__ import annotations

from django.urls import URLPattern, path

from record_form import views
from record_form.printing import ReviewOf


def patterns(review_of: ReviewOf) -> list[URLPattern]:
    """The addresses, with where the review of section 9 comes from: it belongs to a room above."""
    given = {"review_of": review_of}
    return [
        path("records/<str:number>/form/", views.form_page, given, name="record-form"),
        path("records/<str:number>/form.pdf", views.form_pdf, given, name="record-form-pdf"),
    ]
