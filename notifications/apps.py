"""The outbox as a Django application."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
