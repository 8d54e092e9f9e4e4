"""Addresses of calendars."""

from django.urls import path

from sla.views import calendars

urlpatterns = [
    path("settings/calendars/", calendars.calendars, name="calendars"),
]
