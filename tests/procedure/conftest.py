"""The version that every database begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from procedure.models import ProcedureVersion
from procedure.queries import forget_rules


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    forget_rules()
    yield
    forget_rules()


@pytest.fixture
def version(db: None) -> ProcedureVersion:
    return ProcedureVersion.objects.get()
