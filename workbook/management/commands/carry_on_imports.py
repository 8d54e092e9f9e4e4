"""Go on with imports without a worker."""

from __future__ import annotations

from typing import Any

from base.commands import SweepCommand
from workbook.actions import carry_on_imports


class Command(SweepCommand):
    """`manage.py carry_on_imports`"""

    help = "Read, carry out or take back the imports that wait for it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{carry_on_imports()} imports")
