"""Styles and scripts work in the oldest browsers that the README names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

STYLES = Path(settings.BASE_DIR) / "static/css"
SUPPORTED = re.compile(r"@supports \(color: light-dark\([^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
GUARDED = "@supports (color: light-dark(#000, #fff)) { :root { --ink: light-dark(#000, #fff); } }"
RULE = re.compile(r"\{([^{}]*)\}")
DECLARED = re.compile(r"([\w-]+)\s*:\s*([^;]+)")


def unfounded(css: str) -> Iterator[str]:
    """The names that are given by light-dark() alone. A custom property takes any value, so it needs @supports."""
    css = COMMENT.sub("", css)
    plain = SUPPORTED.sub("", css)
    known = {
        name for rule in RULE.findall(plain) for name, value in DECLARED.findall(rule) if "light-dark(" not in value
    }
    for guarded in SUPPORTED.findall(css):
        found = (
            name for rule in RULE.findall(guarded) for name, value in DECLARED.findall(rule) if "light-dark(" in value
        )
        yield from (name for name in found if name not in known)
    for rule in RULE.findall(plain):
        yield from _unfounded_in(DECLARED.findall(rule))


def _unfounded_in(rule: list[tuple[str, str]]) -> Iterator[str]:
    before: set[str] = set()
    for name, value in rule:
        if "light-dark(" not in value:
            before.add(name)
        elif name.startswith("--") or name not in before:
            yield name


def test_every_style_gives_a_plain_colour_first() -> None:
    files = sorted(STYLES.rglob("*.css"))
    assert "light-dark(" in (STYLES / "tokens.css").read_text()
    assert [(file.name, name) for file in files for name in unfounded(file.read_text())] == []


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("p { color: light-dark(#000, #fff); }", ["color"]),
        ("p { color: #000; color: light-dark(#000, #fff); }", []),
        (":root { --ink: #000; --ink: light-dark(#000, #fff); }", ["--ink"]),
        (GUARDED, ["--ink"]),
        (f":root {{ --ink: #000; }} {GUARDED}", []),
    ],
)
def test_a_colour_without_a_plain_one_would_be_seen(css: str, found: list[str]) -> None:
    assert list(unfounded(css)) == found


# What a script may not use bare, by the browser that the README names as the oldest: each is unknown to one of
# Chromium 102, Safari 15.4 and Firefox 102, and would stop the script or the key that meets it.
NEWER = re.compile(
    r":modal\b|:has\(|:popover-open|\bcheckVisibility\(|\b(?:show|hide|toggle)Popover\("
    r"|\.(?:toSorted|toReversed|toSpliced|findLast|findLastIndex|groupBy|withResolvers|fromAsync|isWellFormed"
    r"|union|intersection|difference)\("
    r"|\bscheduler\.|\bstartViewTransition\(|\bURL\.canParse\(|\bAbortSignal\.(?:any|timeout)\("
)
SCRIPTS = sorted((STYLES.parent / "js").glob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_use_nothing_newer_than_the_oldest_browser(path: Path) -> None:
    assert NEWER.findall(path.read_text()) == []


@pytest.mark.parametrize(
    "line", ['document.querySelector("dialog:modal")', "one.checkVisibility()", "list.toSorted()", "list.findLast(x)"]
)
def test_what_is_newer_is_found(line: str) -> None:
    assert NEWER.findall(line)


def test_what_is_asked_for_first_may_be_newer() -> None:
    assert NEWER.findall("one.checkVisibility?.() !== false") == []
