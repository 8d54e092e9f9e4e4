"""What the pages are served from other people's packages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as desk
from django.core.management import call_command

from ui.icons import ICONS, sprite
from ui.staticfiles import PACKAGE_FILES, PackageFinder

ROOT = Path(desk.BASE_DIR)
TEMPLATES = [file for name in ("templates", "jinja") for file in (ROOT / name).rglob("*.html")]
NAMED_ICON = re.compile(r'\{[%{] icon[( ]"([a-z0-9-]+)"')


@pytest.fixture
def packages(settings: Any, tmp_path: Path) -> Path:
    """A project folder in which every package is installed and the icons are drawn."""
    settings.BASE_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "collected"
    for source in PACKAGE_FILES.values():
        file = tmp_path / "node_modules" / source
        file.parent.mkdir(parents=True)
        file.write_text("/* */\n/*# sourceMappingURL=absent.css.map */" if source.endswith(".css") else "//")
    drawn = tmp_path / "static/build/icons.svg"
    drawn.parent.mkdir(parents=True)
    drawn.write_text("<svg/>")
    return tmp_path


def test_only_named_files_of_a_package_are_found(packages: Path) -> None:
    finder = PackageFinder()
    assert finder.find("vendor/htmx.min.js") == str(packages / "node_modules/htmx.org/dist/htmx.min.js")
    (packages / "node_modules/htmx.org/dist/htmx.js").write_text("")
    assert finder.find("vendor/htmx.js") == []
    assert finder.find("htmx.org/dist/htmx.js") == []


def test_set_up_says_what_was_left_out(packages: Path) -> None:
    assert PackageFinder().check() == []
    (packages / "static/build/icons.svg").unlink()
    assert [error.id for error in PackageFinder().check()] == ["desk.E002"]
    (packages / "node_modules/htmx.org/dist/htmx.min.js").unlink()
    assert [error.hint for error in PackageFinder().check()] == ["Run `npm ci`."]


def test_collected_files_need_no_packages(packages: Path) -> None:
    (packages / "collected/build").mkdir(parents=True)
    (packages / "collected/build/icons.svg").write_text("<svg/>")
    (packages / "node_modules/htmx.org/dist/htmx.min.js").unlink()
    assert PackageFinder().check() == []


def test_a_source_map_that_is_not_served_does_not_stop_the_collection(packages: Path, settings: Any) -> None:
    settings.STATICFILES_DIRS = []
    settings.STATICFILES_FINDERS = ["ui.staticfiles.PackageFinder"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "ui.staticfiles.DeskStaticFilesStorage"}}
    call_command("collectstatic", verbosity=0, interactive=False)
    names = {file.name for file in (packages / "collected/vendor").iterdir()}
    assert any(re.fullmatch(r"tabler\.min\.[0-9a-f]{12}\.css", name) for name in names)


def test_every_icon_in_a_template_is_in_the_sprite() -> None:
    named = {name for file in TEMPLATES for name in NAMED_ICON.findall(file.read_text())}
    assert named
    assert named <= ICONS


def test_the_sprite_has_a_symbol_for_each_icon_without_the_empty_ground(tmp_path: Path) -> None:
    for name in ICONS:
        ground = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
        (tmp_path / f"{name}.svg").write_text(f'<svg\n  class="x">\n  {ground}\n  <path d="M1 2" />\n</svg>')
    drawn = sprite(tmp_path)
    assert drawn.count("<symbol ") == len(ICONS)
    assert '<symbol id="clock" viewBox="0 0 24 24"><path d="M1 2" /></symbol>' in drawn
    assert "M0 0h24v24" not in drawn


def test_no_page_has_an_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|hx-vals=.js:")
    offenders = [str(file) for file in TEMPLATES if inline.search(file.read_text())]
    assert offenders == []
