"""A contact with the customer in one form: who got in touch, what was promised, and what was done meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from escalation.queries.promises import told_times
from incidents import actions
from incidents.models import Declaration
from ledger.exceptions import Refused
from tests.firm import LIU_DESK
from tests.incidents.refusals import errors, fresh
from tests.scenes import MONDAY, Scene


def refused(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as raised:
        act()
    return raised.value


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = Scene()


def said(declaration: Declaration, **more: Any) -> Declaration:
    return SCENE.do(actions.communicate_and_handle, declaration, LIU_DESK, **{"way": "phone", "text": "进展", **more})


def test_contact_and_step_of_handling_are_two_rows_of_one_transaction() -> None:
    declaration = said(SCENE.in_progress(), what="补寄", result="已寄出")
    assert declaration.communication_rows.filter(text="进展").count() == 1
    assert declaration.handlingstep_rows.filter(what="补寄").count() == 1


def test_half_a_step_is_refused_and_the_contact_with_it() -> None:
    declaration = SCENE.in_progress()
    assert list(errors(refused(lambda: said(declaration, what="补寄")))) == ["result"]
    assert not fresh(declaration).communication_rows.filter(text="进展").exists()


def test_where_nothing_is_handled_yet_the_reason_stands_at_the_step() -> None:
    assert list(errors(refused(lambda: said(SCENE.classified(), what="补寄", result="已寄出")))) == ["what"]


def test_that_the_customer_got_in_touch_is_kept_and_told() -> None:
    row = said(SCENE.in_progress(), from_customer=True).communication_rows.get(text="进展")
    assert row.from_customer


def test_the_time_promised_last_is_what_was_told() -> None:
    declaration = said(SCENE.in_progress(), promised_at=MONDAY + timedelta(days=1))
    declaration = said(declaration, promised_at=MONDAY + timedelta(days=2))
    assert told_times([declaration]) == {declaration.pk: MONDAY + timedelta(days=2)}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"promised_at": MONDAY - timedelta(hours=1)}, "promised_at"),
        ({"reached": False, "from_customer": True}, "unreached"),
        ({"reached": False, "promised_at": MONDAY + timedelta(days=1)}, "unreached"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(values: dict[str, Any], field: str) -> None:
    assert list(errors(refused(lambda: said(SCENE.in_progress(), **values)))) == [field]
