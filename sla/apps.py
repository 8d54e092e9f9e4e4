"""Nobody can accept or classify without a calendar: a fresh or emptied database gets the default one at once."""

from __future__ import annotations

from django.apps import AppConfig

from base.installation import after_migrations


class SlaConfig(AppConfig):
    name = "sla"

    def ready(self) -> None:
        after_migrations(self, install_default_calendar)


def install_default_calendar() -> None:
    """Make the default calendar where there is none."""
    from sla.actions import install_calendar

    install_calendar()
