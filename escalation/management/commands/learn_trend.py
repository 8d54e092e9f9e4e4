"""Learn from history without a worker."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from base.commands import SweepCommand
from escalation.actions import learn_trend


class Command(SweepCommand):
    help = "Learn from past incidents which usually miss their time, and look ahead for the open ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="also if that was done today already")

    def handle(self, *args: Any, again: bool = False, **options: Any) -> None:
        moved = learn_trend(again=again, progress=self._progress)
        self.stderr.write("")
        self.stdout.write(f"{moved} open incidents look ahead to another moment")

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{done} of {total} kinds of open incidents", ending="\r")
