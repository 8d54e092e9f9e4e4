"""The export of a firm at work is handed in again without a change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.firm import ADMINISTRATOR, staff
from tests.workbook.books import cells, exported, outcomes, planned

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_working_firm_comes_back_without_a_change(scene: Any, language: str) -> None:
    admin = staff(ADMINISTRATOR)
    rows = planned(exported(admin, language), admin)
    assert outcomes(rows).keys() == {"same"}
    assert {row.sheet for row in rows} >= {"departments", "people", "customers", "grants", "contacts", "contracts"}
    assert cells(exported(admin, language)) == cells(exported(admin, language))
