"""The house's floors hold."""

from __future__ import annotations

from importlinter.cli import lint_imports


def test_no_package_imports_from_its_own_floor_or_above(capsys):
    assert lint_imports() == 0, capsys.readouterr().out
