"""Each test runs in what is checked before a change is taken; on a second database only those that use one."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from tests.conftest import FOUND, uses_database

ROOT = Path(__file__).resolve().parents[2]
WITHOUT, WITH, OWN = "tests/base/test_phones.py", "tests/desk/test_listing.py", "tests/upgrades/test_restoring.py"
# They take minutes, and are run by whoever changes what they are about: make test-faults, make test-story.
APART = {"faults", "story"}


def test_what_touches_no_database_is_left_out_and_the_rest_is_not() -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "--database", WITHOUT, WITH, OWN]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert WITHOUT not in told
    assert WITH in told
    assert OWN in told
    assert re.search(r"\([1-9]\d* deselected\)", told)


@dataclass(frozen=True)
class Lane:
    """A run of pytest over all files: the marks that it chooses, and whether it leaves out what uses no database."""

    marks: Expression
    database: bool

    def runs(self, marks: Collection[str], *, database: bool) -> bool:
        return self.marks.evaluate(lambda name, **_: name in marks) and (database or not self.database)


@pytest.fixture(scope="module")
def lanes() -> list[Lane]:
    """Those of `.ci/run`, as make would start them."""
    targets = re.findall(r"^ *make (test[\w-]*)$", (ROOT / ".ci/run").read_text(), re.M)
    assert "bash .ci/services $(MAKE) --no-print-directory on-servers" in (ROOT / "Makefile").read_text()
    # Make would start the servers to tell what `test-services` does.
    targets[targets.index("test-services")] = "on-servers"
    # These tests may have been chosen by words to make, which it hands down.
    usual = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "TESTS")}
    command = ["make", "--dry-run", *targets]
    told = subprocess.run(command, cwd=ROOT, env=usual, capture_output=True, text=True, check=True).stdout
    commands = [shlex.split(line) for line in told.splitlines() if " -m pytest -m " in line]
    return [lane_of(words[words.index("pytest") + 1 :]) for words in commands]


def lane_of(words: list[str]) -> Lane:
    assert not [word for word in words if word.startswith(("tests/", "--ignore", "--deselect", "-k"))], words
    return Lane(Expression.compile(words[words.index("-m") + 1]), "--database" in words)


def marks_of(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()}


def test_every_test_runs_in_a_lane_of_what_is_checked(lanes: list[Lane], pytestconfig: pytest.Config) -> None:
    found = {item.nodeid: (marks_of(item), uses_database(item)) for item in pytestconfig.stash[FOUND]}
    never = [
        name
        for name, (marks, database) in found.items()
        if marks.isdisjoint(APART) and not any(lane.runs(marks, database=database) for lane in lanes)
    ]
    assert never == []


def test_the_walks_run_once_and_the_rest_on_both_databases(lanes: list[Lane]) -> None:
    def runs(*marks: str, database: bool) -> int:
        return sum(lane.runs(marks, database=database) for lane in lanes)

    assert runs("walks", database=True) == 1
    assert runs(database=True) == 2
    assert runs(database=False) == 1


def test_a_walk_without_a_database_would_be_seen(lanes: list[Lane]) -> None:
    assert not any(lane.runs({"walks"}, database=False) for lane in lanes)
