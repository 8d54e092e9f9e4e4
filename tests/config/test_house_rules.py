"""Rules of the house that no tool knows."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOMS = [app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()]
PAGES = sorted(path for name in ("templates", "jinja") for path in (ROOT / name).rglob("*.html"))
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def files(*patterns: str) -> list[Path]:
    return sorted(path for room in ROOMS for pattern in patterns for path in (ROOT / room).glob(pattern))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


DOORS = files("views.py", "views/*.py", "api.py", "api/*.py", "tasks.py", "templatetags/*.py")


@pytest.mark.parametrize("path", DOORS, ids=named)
def test_pages_interface_and_jobs_reach_rows_only_through_access_and_queries(path):
    used = [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS
    ]
    assert not used, f"{named(path)} asks a manager: {', '.join(used)}"


def test_nothing_is_read_that_its_type_does_not_have():
    silenced = [named(path) for path in files("**/*.py") if "ignore[attr-defined]" in path.read_text()]
    assert silenced == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_pages_hold_no_script_and_no_style_of_their_own(path):
    source = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(), flags=re.DOTALL)
    assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|javascript:|hx-on\b", source)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_pages_use_nothing_of_other_hosts(path):
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", path.read_text())


LONGEST = 120
# What people write and read; of the shell, what has no ending of its own.
WRITTEN = (
    "*.html",
    "*.css",
    "*.js",
    "*.py",
    "*.md",
    "*.sh",
    "Makefile",
    "Dockerfile",
    "run",
    "services",
    "make-secrets",
)
# Made, or others'.
NOT_OURS = {"node_modules", ".venv", ".git", "var", "build", "mutants", "__pycache__"}


def written() -> Iterator[Path]:
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in NOT_OURS]
        yield from (Path(folder, name) for name in names if any(fnmatch(name, kind) for kind in WRITTEN))


def too_long(text: str, is_markdown: bool = False) -> list[str]:
    """A row of a table in Markdown cannot be broken."""
    lines = text.splitlines()
    return [line for line in lines if len(line) > LONGEST and not (is_markdown and line.startswith("|"))]


def test_no_line_is_too_long():
    found = {named(path): too_long(path.read_text(encoding="utf-8"), path.suffix == ".md") for path in written()}
    assert {".ci/services", "Makefile", "deploy/Dockerfile", "static/js/draft.js", "templates/base.html"} < set(found)
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_line_that_is_too_long_is_found_and_a_row_of_a_table_is_not():
    long, row = "x" * 121, f"| {'x' * 121} |"
    assert too_long(f"{'x' * 120}\n{long}\n") == [long]
    assert too_long(f"{row}\n{long}\n", is_markdown=True) == [long]


def test_a_commit_is_checked_by_the_programs_of_make_lint():
    lint = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    [local] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    lines = [line.split("bin/")[-1].strip() for line in lint[1].splitlines()]
    hooks = [hook["entry"].split("bin/")[-1] for hook in local["hooks"]]
    assert [hook for hook in hooks if not any(line.startswith(hook) for line in lines)] == []
    # These two look at everything at once, which takes too long for a commit.
    assert [line for line in lines if not line.startswith(tuple(hooks))] == ["mypy", "lint-imports"]


LOCKS = sorted(path.stem for path in (ROOT / "requirements").glob("*.txt"))


def pinned(name: str) -> set[str]:
    """What a list of requirements installs: name==version."""
    return set(
        re.findall(r"^[A-Za-z0-9][\w.-]*==[^\s\\]+", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE)
    )


@pytest.mark.parametrize(("part", "whole"), [("base", "dev"), ("dev", "mutants")])
def test_what_is_installed_apart_has_all_that_the_desk_has(part, whole):
    assert pinned(part)
    assert pinned(part) - pinned(whole) == set()


@pytest.mark.parametrize("name", LOCKS)
def test_requirements_are_hashed_and_name_no_host(name):
    locked = (ROOT / f"requirements/{name}.txt").read_text()
    packages = re.findall(r"^[A-Za-z0-9][^\s=]*==", locked, re.MULTILINE)
    assert packages
    assert len(re.findall(r"^[A-Za-z0-9].*==.*\\\n    --hash=sha256:", locked, re.MULTILINE)) == len(packages)
    assert "://" not in locked
    assert "--index" not in locked
    assert "--find-links" not in locked


def test_the_lock_of_the_front_end_names_no_host():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_change_log_says_each_thing_once_under_one_heading_of_its_kind():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for version in text.split("\n## ")[1:]:
        headings = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert headings == [kind for kind in ("Added", "Changed", "Fixed", "Security") if kind in headings]
        lines = re.findall(r"^\* .*(?:\n  .*)*", version, re.MULTILINE)
        assert [line for line in lines if lines.count(line) > 1] == []
    assert [line for line in text.splitlines() if len(line) > 120] == []


def imported_packages(source: str) -> set[str]:
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    named = [[each.name for each in node.names] if isinstance(node, ast.Import) else [node.module] for node in found]
    return {module.partition(".")[0] for modules in named for module in modules if module}


def test_only_the_tests_of_the_demonstration_build_on_it():
    others = [path for path in (ROOT / "tests").rglob("*.py") if "demo" not in path.relative_to(ROOT).parts]
    sources = {named(path): path.read_text(encoding="utf-8") for path in others}
    # Reading takes a moment, so only what has the word at all is read.
    found = [name for name, source in sources.items() if "demo" in source and "demo" in imported_packages(source)]
    assert found == []
    assert "demo" in imported_packages("from demo.people import load_people")
