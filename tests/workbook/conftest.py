"""An empty desk with its first administrator."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actors import Actor
from tests import small_firm
from tests.scenes import MONDAY
from tests.workbook.books import FIRM, Sheets
from workbook.known import leaf_codes


@pytest.fixture
def admin(db: None, clock: Any) -> Actor:
    clock.set(MONDAY)
    return small_firm.first_account()


@pytest.fixture
def firm_rows(admin: Actor) -> Sheets:
    """A firm as a workbook tells of it."""
    articles = [{**row, "categories": leaf_codes()[0]} for row in FIRM["articles"]]
    return {**FIRM, "articles": articles}
