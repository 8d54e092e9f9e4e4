"""On a second database only those tests run that use one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WITHOUT, WITH, OWN = "tests/base/test_phones.py", "tests/desk/test_listing.py", "tests/upgrades/test_restoring.py"


def collected(*options: str) -> str:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *options, WITHOUT, WITH, OWN]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_what_touches_no_database_is_left_out_and_the_rest_is_not() -> None:
    assert WITHOUT in collected()
    chosen = collected("--database")
    assert WITHOUT not in chosen
    assert WITH in chosen
    assert OWN in chosen
