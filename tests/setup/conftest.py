"""The small firm for its setting up, made once for each module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from base.clock import set_clock
from tests import small_firm
from tests.scenes import MONDAY


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The firm as it opened on that Monday; it and what the module makes of it are undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        with set_clock(MONDAY):
            small_firm.fill()
        yield
        transaction.set_rollback(True)
