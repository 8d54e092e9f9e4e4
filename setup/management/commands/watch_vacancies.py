"""Tell of vacant roles without a worker."""

from __future__ import annotations

from typing import Any

from base.commands import SweepCommand
from setup.actions import watch_vacancies


class Command(SweepCommand):
    """`manage.py watch_vacancies`"""

    help = "Tell heads of department which of its roles nobody holds."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{watch_vacancies()} messages")
