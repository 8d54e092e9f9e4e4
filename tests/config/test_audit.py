"""`make audit` fails for a known weakness, and says what nobody could tell it."""

from __future__ import annotations

import json
from types import ModuleType

import pytest

from tests.config.programs import program

PYTHON = {
    "dependencies": [
        {"name": "django", "version": "5.2.1", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["5.2.2"]}]},
        {"name": "celery", "version": "5.7.0", "vulns": []},
        {"name": "vine", "skip_reason": "Dependency not found on PyPI and could not be audited: vine (5.1.0)"},
    ]
}
FRONT = {"vulnerabilities": {"echarts": {"severity": "high", "range": "<6.1.1"}}}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    return program("audit")


def test_a_weakness_is_named_and_fails(audit: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert not audit.told(audit.of_python(json.dumps(PYTHON)), audit.of_front(json.dumps(FRONT)))
    printed = capsys.readouterr().out
    assert "django 5.2.1: PYSEC-2026-1, mended in 5.2.2" in printed
    assert "echarts: high, <6.1.1" in printed
    assert "NOT AUDITED" in printed
    assert "vine" in printed


@pytest.mark.parametrize("answer", ["", "Name or service not known", '{"statusCode": 405}'])
def test_a_source_that_does_not_answer_is_said_and_fails_nothing(
    audit: ModuleType, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    assert audit.told(audit.of_python(answer), audit.of_front(answer))
    printed = capsys.readouterr().out
    assert "NOT AUDITED" in printed
    assert "all Python packages, all front-end packages" in printed


def test_what_is_well_passes_without_a_warning(audit: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    well = {"dependencies": [{"name": "celery", "version": "5.7.0", "vulns": []}]}
    assert audit.told(audit.of_python(json.dumps(well)), audit.of_front('{"vulnerabilities": {}}'))
    assert "NOT AUDITED" not in capsys.readouterr().out
