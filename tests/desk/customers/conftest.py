"""Customers of the firm of the tests, on a Monday at ten."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Customer
from tests.firm import BANK_B


@pytest.fixture(autouse=True)
def on_monday(monday: Any) -> None:
    """Every test here happens then."""


def customer(code: str = BANK_B) -> Customer:
    return Customer.objects.select_related("department").get(code=code)
