"""The house's floors hold, for packages and for their templates."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from importlinter.cli import lint_imports

ROOT = Path(settings.BASE_DIR)
IMPORTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACT, CIRCLES = IMPORTS["contracts"]
# A folder of templates by the room that it belongs to; what stands directly in `templates/` is the frame of all.
ROOM_OF_FOLDER = {"components": "ui", "errors": "ui", "registration": "accounts"}
ROOM_OF_LIBRARY = {"ui": "ui", "declarations": "incidents"}
TAKEN = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"']+)["']""")
NAMED = re.compile(r"""["']([a-z_]+/[\w/]+\.html)["']""")
LOADED = re.compile(r"\{%\s*load\s+([^%]+?)\s*%\}")


def test_no_package_imports_from_above_and_none_has_a_circle_inside(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_imports() == 0, capsys.readouterr().out


def test_circles_are_looked_for_in_every_package() -> None:
    assert CIRCLES["type"] == "acyclic_siblings"
    assert CIRCLES["ancestors"] == IMPORTS["root_packages"]


CONFIGURATION = """
[importlinter]
root_package = looped

[importlinter:contract:circles]
name = No circles
type = {type}
ancestors = looped
"""


@pytest.mark.parametrize(
    ("way_back", "found"),
    [
        ("from looped.parts import first", True),
        ("def late():\n    from looped.parts import first", True),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from looped.parts.first import VALUE", True),
        ("import typing", False),
    ],
)
def test_a_circle_inside_a_package_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way_back: str, found: bool
) -> None:
    """Also one that is hidden from the running program: for the reader it is one all the same."""
    parts = tmp_path / "looped" / "parts"
    parts.mkdir(parents=True)
    (parts.parent / "__init__.py").touch()
    (parts / "__init__.py").touch()
    (parts / "first.py").write_text("from looped.parts import second\nVALUE = 1\n", encoding="utf-8")
    (parts / "second.py").write_text(f"{way_back}\n", encoding="utf-8")
    configuration = tmp_path / "contracts.ini"
    configuration.write_text(CONFIGURATION.format(type=CIRCLES["type"]), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert lint_imports(config_filename=str(configuration), no_cache=True) == (1 if found else 0)


def floor_of(room: str) -> int:
    floors = [layer.split(" | ") for layer in reversed(CONTRACT["layers"])]
    return next(number for number, rooms in enumerate(floors) if room in rooms)


def room_of(template: str) -> str:
    folder = template.partition("/")[0] if "/" in template else "errors"
    return ROOM_OF_FOLDER.get(folder, folder)


def taken_from_above(template: str, source: str) -> list[str]:
    """What a template includes, extends or loads although it belongs to a higher floor, or to another room on its."""
    own = room_of(template)
    used = [(name, room_of(name)) for name in TAKEN.findall(source)]
    used += [
        (name, ROOM_OF_LIBRARY[name])
        for names in LOADED.findall(source)
        for name in names.split()
        if name in ROOM_OF_LIBRARY
    ]
    return [name for name, room in used if room != own and floor_of(room) >= floor_of(own)]


def test_no_template_takes_anything_from_its_own_floor_or_above() -> None:
    folders = [ROOT / "templates", ROOT / "jinja"]
    sources = {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for folder in folders
        for path in folder.rglob("*.html")
    }
    found = {name: taken_from_above(name, source) for name, source in sources.items()}
    assert {name: taken for name, taken in found.items() if taken} == {}


def templates_from_above(room: str, source: str) -> list[str]:
    """The templates that the program of a room names although they belong to a higher floor."""
    return [name for name in NAMED.findall(source) if floor_of(room_of(name)) > floor_of(room)]


def test_no_room_shows_a_template_of_a_higher_floor() -> None:
    rooms = [room for layer in CONTRACT["layers"] for room in layer.split(" | ")]
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    found = {
        str(path.relative_to(ROOT)): templates_from_above(
            path.relative_to(ROOT).parts[0], path.read_text(encoding="utf-8")
        )
        for path in files
    }
    assert {name: named for name, named in found.items() if named} == {}
    assert templates_from_above("ui", 'draw("incidents/table.html", rows=rows)') != []


@pytest.mark.parametrize(
    ("template", "source"),
    [
        ("sla/calendar.html", '{% include "desk/task.html" %}'),
        ("sla/calendar.html", "{% load i18n declarations ui %}"),
        ("reports/overview.html", '{% extends "audit/list.html" %}'),
    ],
)
def test_what_comes_from_above_is_seen(template: str, source: str) -> None:
    assert taken_from_above(template, source) != []
