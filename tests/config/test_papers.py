"""What README, CONTRIBUTING and the other papers name is there: commands, targets, files, packages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
PAPERS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
INDENTED = re.compile(r"^ {4}.*$", re.MULTILINE)
INLINE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
COMMAND = re.compile(r"manage\.py\s+([a-z_]+)")
TARGET = re.compile(r"(?<![\w/-])make\s+([a-z][a-z-]*)")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def missing(text: str, folder: Path) -> list[str]:
    """The commands, targets and files that a paper in that folder names and that there are not."""
    code = "\n".join([*INDENTED.findall(text), *INLINE.findall(text)])
    return [
        *(f"manage.py {name}" for name in COMMAND.findall(text) if name not in get_commands()),
        *(f"make {name}" for name in TARGET.findall(code) if name not in targets()),
        *(link for link in LINK.findall(text) if not (folder / link).exists()),
    ]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_a_paper_names_only_what_is_there(paper: Path) -> None:
    assert missing(paper.read_text(encoding="utf-8"), paper.parent) == []


def test_what_is_not_there_is_found() -> None:
    text = "Run `PORT=1 make brew`, or\n\n    compose run web python manage.py fly_away\n\nas [told](no/page.md).\n"
    assert missing(text, ROOT) == ["manage.py fly_away", "make brew", "no/page.md"]
    assert missing("To make sure, `make run`, `manage.py check`, [told](LICENSE).", ROOT) == []


def test_the_readme_says_where_every_package_lies() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in packages if f"| `{name}/`" not in readme and f", `{name}/`" not in readme] == []
