"""Addresses of the bell."""

from django.urls import path

from notifications import views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/seen/", views.seen, name="notifications-seen"),
]
