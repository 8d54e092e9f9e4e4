"""The list of records, its exports, and what is done with several at once."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.records.views import exports, listing, selection

urlpatterns: list[URLPattern | URLResolver] = [
    path("command/", listing.command, name="command"),
    path("records/", listing.records, name="records"),
    path("records/export.<str:kind>", exports.export, name="records-export"),
    path("records/print/", selection.print_forms, name="records-print"),
    path("records/reassign/", selection.reassign, name="records-reassign"),
    path("records/views/", listing.save_view, name="save-view"),
    path("records/views/<int:key>/forget/", listing.forget_view, name="forget-view"),
]
