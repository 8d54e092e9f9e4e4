"""The search index as a Django application."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
