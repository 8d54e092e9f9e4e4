"""Put the icons of the pages into one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ui.icons import sprite
from ui.staticfiles import SPRITE


class Command(BaseCommand):
    """Draws the sprite from the installed icon package; run after `npm ci`."""

    help = "Draw the icon sprite from the installed icon package."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        source = root / "node_modules/@tabler/icons/icons/outline"
        if not source.is_dir():
            raise CommandError("The icon package is missing. Run `npm ci`.")
        target = root / "static" / SPRITE
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(sprite(source))
        self.stdout.write(f"{target.relative_to(root)} written")
