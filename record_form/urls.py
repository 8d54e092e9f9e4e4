"""Addresses of the form."""

from __future__ import annotations

from django.urls import URLPattern, path

from record_form import views
from record_form.views import ReviewOf, no_review


def patterns(review_of: ReviewOf = no_review) -> list[URLPattern]:
    """The addresses, with what section 9 is taken from."""
    given = {"review_of": review_of}
    return [
        path("records/<str:number>/form/", views.form_page, given, name="record-form"),
        path("records/<str:number>/form.pdf", views.form_pdf, given, name="record-form-pdf"),
    ]


urlpatterns = patterns()
