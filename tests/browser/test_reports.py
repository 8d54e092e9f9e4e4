"""The figures in a browser, where scripts draw their charts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenes import Scene

pytestmark = pytest.mark.browser


def test_every_cell_of_the_table_is_in_sight(office: Any) -> None:
    Scene().closed()
    head = office.person("chenyuan")
    head.goes("/reports/")
    cells = head.page.locator("table tbody td")
    assert cells.count() > 8
    assert all(cell.is_visible() for cell in cells.all())
