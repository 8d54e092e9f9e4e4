"""Third-party files of the pages: a whitelist out of node_modules, and the storage that publishes them.

Only what is named here can be served; the packages themselves hold thousands of files more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

PACKAGE_FILES = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/idiomorph.min.js": "idiomorph/dist/idiomorph.min.js",
    "vendor/echarts.min.js": "echarts/dist/echarts.common.min.js",
}
SPRITE = "build/icons.svg"


class PackageFinder(BaseFinder):
    """Finds the files of `PACKAGE_FILES` in node_modules under their public names."""

    def __init__(self, app_names: list[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.BASE_DIR) / "node_modules"
        self.storage = PackageStorage(self.root)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Say which set-up step was left out, instead of a page without style; collected files need neither."""
        if (Path(settings.STATIC_ROOT) / SPRITE).is_file():
            return []
        if any(not (self.root / source).is_file() for source in PACKAGE_FILES.values()):
            return [Error("Files of the front end are missing.", hint="Run `npm ci`.", id="desk.E001")]
        if not (Path(settings.BASE_DIR) / "static" / SPRITE).is_file():
            return [Error("The icons are missing.", hint="Run `manage.py build_icons`.", id="desk.E002")]
        return []

    def find(  # type: ignore[override]
        self, path: str, find_all: bool = False, **kwargs: Any
    ) -> str | list[str]:
        source = PACKAGE_FILES.get(path)
        if source is None or not (self.root / source).is_file():
            return []
        found = str(self.root / source)
        return [found] if find_all else found

    def list(self, ignore_patterns: object) -> Iterator[tuple[str, Storage]]:
        for name in PACKAGE_FILES:
            yield name, self.storage


class PackageStorage(FileSystemStorage):
    """Opens a package's file under its public name."""

    def path(self, name: str) -> str:
        return super().path(PACKAGE_FILES[name])


class DeskStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed files; the source maps that third-party files point at are not served."""

    patterns = (
        (
            "*.css",
            tuple(
                pattern
                for pattern in CompressedManifestStaticFilesStorage.patterns[0][1]
                if "sourceMappingURL" not in str(pattern)
            ),
        ),
    )
    support_js_module_import_aggregation = True
