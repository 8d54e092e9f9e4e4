"""The process tree keeps its children running and leaves none behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.processes import LONGEST_PAUSE, STEADY_AFTER, Child
from tests.waiting import until

# A child that starts a process of its own, notes both, and waits.
CHILD = """
import os, subprocess, sys
helper = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
with open(sys.argv[1] + ".new", "w") as file:
    file.write(f"{os.getpid()} {helper.pid}")
os.rename(sys.argv[1] + ".new", sys.argv[1])
helper.wait()
"""
TREE = """
import os, sys
from config.processes import Child, ProcessTree
ProcessTree([Child("one", [sys.executable, "-c", sys.argv[2], sys.argv[1]])], os.environ).run()
"""


def is_running(process: int) -> bool:
    """Whether it has not ended; it may do so between the opening and the reading of its state."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


class Tree:
    def __init__(self, note: Path) -> None:
        self.note = note
        root = Path(__file__).resolve().parents[2]
        self.process = subprocess.Popen([sys.executable, "-c", TREE, str(note), CHILD], cwd=root)

    def children(self) -> list[int]:
        """Process ids of the child and of what it started, once both run."""
        until(self.note.exists, seconds=20, what="the start of the child")
        found = [int(number) for number in self.note.read_text().split()]
        self.note.unlink()
        return found

    def ends(self, processes: list[int]) -> bool:
        until(lambda: not any(map(is_running, processes)), seconds=20, what="the end of all processes")
        return True


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    tree = Tree(tmp_path / "note")
    yield tree
    tree.process.kill()
    tree.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_whole_tree(tree, number):
    children = tree.children()
    tree.process.send_signal(number)
    assert tree.ends(children)
    assert tree.process.wait(20) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_killed_tree_leaves_no_child_behind(tree):
    child, helper = tree.children()
    tree.process.kill()
    assert tree.ends([child])
    os.kill(helper, signal.SIGKILL)  # the helper of a helper is the child's own business


def test_a_child_that_died_is_started_again_without_its_remains(tree):
    child, helper = tree.children()
    os.kill(child, signal.SIGKILL)
    assert tree.ends([child, helper])
    again = tree.children()
    assert child not in again
    assert all(map(is_running, again))


def test_a_child_that_keeps_dying_is_started_more_and_more_seldom():
    child = Child("one", ["false"])
    pauses = []
    for start in range(8):
        child.started = start
        child.died(start + 0.5)
        pauses.append(child.due - start - 0.5)
    assert pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_child_that_was_steady_is_started_again_at_once():
    child = Child("one", ["false"], pause=16.0)
    child.died(STEADY_AFTER + 1)
    assert child.due == STEADY_AFTER + 2
