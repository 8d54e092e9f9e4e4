"""The desk as a whole: its checks and its commands."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in
        from django.core.signals import got_request_exception

        from base.writes import note_failed_request
        from config import checks  # noqa: F401  importing registers them
        from config.middleware import begin_limits

        user_logged_in.connect(begin_limits)
        got_request_exception.connect(note_failed_request)
