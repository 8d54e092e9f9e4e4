"""Addresses of calendars and contracts."""

from django.urls import path

from sla.views import calendars, contracts, years

urlpatterns = [
    path("settings/calendars/", calendars.calendars, name="calendars"),
    path("settings/calendars/new/", calendars.new_calendar, name="calendar-new"),
    path("settings/calendars/<int:key>/", calendars.calendar, name="calendar"),
    path("settings/calendars/<int:key>/hours/", calendars.hours, name="calendar-hours"),
    path("settings/calendars/<int:key>/days/<str:text>/", years.day, name="calendar-day"),
    path("settings/calendars/<int:key>/years/<int:year>/load/", years.load, name="calendar-load"),
    path("settings/calendars/<int:key>/years/<int:year>/confirm/", years.confirm, name="calendar-confirm"),
    path("settings/contracts/", contracts.contracts, name="contracts"),
    path("settings/contracts/new/", contracts.new_contract, name="contract-new"),
    path("settings/contracts/<int:key>/", contracts.contract, name="contract"),
    path("settings/contracts/<int:key>/terms/", contracts.terms, name="contract-terms"),
]
