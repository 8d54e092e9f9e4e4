"""The knowledge base as a Django application."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "knowledge"
