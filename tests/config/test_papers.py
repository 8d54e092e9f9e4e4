"""What README, CONTRIBUTING and the other papers name is there: commands, targets, files, parts of the program."""

from __future__ import annotations

import pkgutil
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["importlinter"]["root_packages"]
PAPERS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
INDENTED = re.compile(r"^ {4}.*$", re.MULTILINE)
INLINE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
COMMAND = re.compile(r"manage\.py\s+([a-z_]+)")
TARGET = re.compile(r"(?<![\w/-])make\s+([a-z][a-z-]*)")
# `ledger/`, `tests/audit/attacks.py`, `base.text.fold`
FILE = re.compile(r"`([a-z_]+/[\w./-]*)`")
NAME = re.compile(r"`([a-z_]+(?:\.\w+)+)`")
# What a running desk makes is in no clone.
MADE = ("var/", "desks/", "secrets/")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def is_defined(name: str) -> bool:
    """Whether the dotted name is that of a module or of something in one."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def missing(text: str, folder: Path) -> list[str]:
    """What a paper in that folder names and what is not there: commands, targets, files, parts of the program."""
    code = "\n".join([*INDENTED.findall(text), *INLINE.findall(text)])
    return [
        *(f"manage.py {name}" for name in COMMAND.findall(text) if name not in get_commands()),
        *(f"make {name}" for name in TARGET.findall(code) if name not in targets()),
        *(path for path in FILE.findall(text) if not path.startswith(MADE) and not (ROOT / path).exists()),
        *(name for name in NAME.findall(text) if name.split(".")[0] in PACKAGES and not is_defined(name)),
        *(link for link in LINK.findall(text) if not (folder / link).exists()),
    ]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_a_paper_names_only_what_is_there(paper: Path) -> None:
    assert missing(paper.read_text(encoding="utf-8"), paper.parent) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Run `PORT=1 make brew`.", ["make brew"]),
        ("    compose run web python manage.py fly_away", ["manage.py fly_away"]),
        ("The beads of `sla/abacus.py`, as [told](no/page.md).", ["sla/abacus.py", "no/page.md"]),
        ("`sla.abacus.add` carries.", ["sla.abacus.add"]),
        ("To make sure: `make run`, `manage.py check`, `sla/`, `base.text.fold`, [told](LICENSE).", []),
    ],
)
def test_what_is_not_there_is_found(text: str, found: list[str]) -> None:
    assert missing(text, ROOT) == found


def test_the_readme_says_where_every_package_lies() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in PACKAGES if f"| `{name}/`" not in readme and f", `{name}/`" not in readme] == []
