"""What an action answers when it refuses: its sentences, by clause and by field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from incidents.models import Declaration
from ledger.exceptions import Refused
from tests.firm import LIU_DESK, staff


def refused(action: Callable[..., Any], declaration: Declaration, by: str = LIU_DESK, **values: Any) -> Refused:
    """The refusal of an action on a record; fails if it went through."""
    with pytest.raises(Refused) as raised:
        action(declaration.pk, version=None, actor=staff(by), **values)
    return raised.value


def reasons(refusal: Refused) -> list[tuple[str, str]]:
    """Each guard's sentence with its clause."""
    return [(str(reason.sentence), reason.clause) for reason in refusal.reasons]


def errors(refusal: Refused) -> dict[str, str]:
    """The sentence of each field."""
    assert refusal.status == 422, refusal
    return {field: str(sentence) for field, (sentence,) in refusal.errors.items()}


def fresh(declaration: Declaration) -> Declaration:
    return Declaration.objects.get(pk=declaration.pk)
