"""The firm for the pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from base.clock import set_clock
from incidents.models import Declaration
from tests.scenes import MONDAY
from tests.verbs import FORMS


@pytest.fixture(scope="module")
def ready(request: pytest.FixtureRequest, firm: None) -> Iterator[int]:
    """The key of a record on which the verb of `request.param` can be done, made once for all tests of the verb."""
    with transaction.atomic():
        with set_clock(MONDAY):
            key = FORMS[request.param].made().pk
        yield key
        transaction.set_rollback(True)


@pytest.fixture
def prepared(ready: int, scene: object) -> Declaration:
    """That record; what the test does to it is undone."""
    return Declaration.objects.get(pk=ready)
