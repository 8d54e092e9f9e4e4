"""Runs every benchmark, each in a process and a scratch database of its own, and ends with one table.

`make bench` gives them a PostgreSQL of their own. With names (`python -m benchmarks deadlines outbox`) only these run.
A benchmark is a module of this folder with a `main()`. What it prints is shown as it comes; a line of the form
"name  figure  goal …  ok" (or red), with two spaces or more between the parts, is a line of the table. Exits with 1
if one is red, or if a benchmark fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LINE = re.compile(
    r"(?P<name>\S.*?) {2,}(?P<figure>\S.*?) {2,}goal (?P<goal>\S.*?) {2,}(?P<verdict>ok|red)", re.IGNORECASE
)


def main(names: list[str]) -> int:
    table: list[re.Match[str]] = []
    failed: list[str] = []
    for name in names or benchmarks():
        print(f"— {name}", flush=True)
        lines, code = run(name)
        found = [line for line in map(LINE.fullmatch, lines) if line]
        table += found
        # Some end with an error because a goal is missed; their line says so already.
        if not found or (code and not any(map(is_red, found))):
            failed.append(name)
    print()
    for line in table:
        figure = " · ".join(re.split(" {2,}", line["figure"]))
        print(f"{line['name']:52} {figure:>34}   {line['goal']:20} {line['verdict'].lower()}")
    for name in failed:
        print(f"{name} failed, or told no figure; see above")
    return int(bool(failed) or any(map(is_red, table)))


def benchmarks() -> list[str]:
    """Every module here that can be run."""
    return sorted(path.stem for path in HERE.glob("[!_]*.py") if "\ndef main(" in path.read_text())


def run(name: str) -> tuple[list[str], int]:
    """The lines that it prints, shown as they come, and how it ended."""
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    lines = []
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip())
    return lines, process.returncode


def is_red(line: re.Match[str]) -> bool:
    return line["verdict"].lower() == "red"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
