"""Tables and guards of the small house, and what every test of the ledger asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from ledger import triggers
from ledger.actions import create
from ledger.signature import Signature
from tests.ledger.house import HOUSE_MODELS, Order

HEAD = Signature(kind="staff", key="staff:7", name="沈亦舟", role="department_head")


@pytest.fixture(scope="session")
def house_tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The small house has no migrations."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in HOUSE_MODELS:
                editor.create_model(model)
        yield
        triggers.drop()
        with connection.schema_editor() as editor:
            for model in reversed(HOUSE_MODELS):
                editor.delete_model(model)
        triggers.make()


@pytest.fixture
def house(house_tables: None, db: None) -> None:
    """The small house guarded; what the test leaves is rolled back."""
    triggers.make(HOUSE_MODELS)


@pytest.fixture
def shared_house(house_tables: None, transactional_db: None) -> Iterator[None]:
    """The small house guarded, for tests that really commit; emptied afterwards."""
    triggers.make(HOUSE_MODELS)
    yield
    with triggers.lifted():
        for model in reversed(HOUSE_MODELS):
            model._base_manager.all().delete()


@pytest.fixture
def order(house: None) -> Order:
    """An order with a chain of one entry."""
    with create(Order(title="A4 paper", secret="s1"), signature=HEAD, action="open", clause="1.1") as step:
        pass
    return step.record
