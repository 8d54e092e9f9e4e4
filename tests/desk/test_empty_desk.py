"""A desk that has an administrator and nothing else: every page says so, and none fails."""

from __future__ import annotations

import pytest

from tests import small_firm
from tests.desk.test_small_firm import EVERY_ADDRESS, failing
from tests.scenes import MONDAY


@pytest.mark.django_db
def test_every_page_opens_for_the_administrator(clock):
    clock.set(MONDAY)
    small_firm.first_account()
    assert failing(small_firm.ADMINISTRATOR, EVERY_ADDRESS, "SD-20261123-001") == []
