"""The form of the customer's confirmation: who may give it stands beside each name (A-23)."""

from __future__ import annotations

import pytest

from accounts.models import Contact
from incidents.models import Declaration
from tests.firm import (
    BANK_A,
    BANK_C,
    GU_BANK_A,
    HAN_BANK_C,
    LIU_DESK,
    PAN_BANK_C,
    SHEN_BANK_A,
    WANG_DESK,
    client_of,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def form_of(declaration: Declaration, by: str) -> tuple[dict[str, object], str]:
    client = client_of(by)
    answer = client.get(f"/records/{declaration.number}/do/confirm/", headers={"Accept-Language": "en"})
    form = answer.context["form"]
    return {name: form[name].value() for name in ("contact", "way")}, answer.content.decode()


@pytest.mark.parametrize(
    ("customer", "desk", "caller", "opens"),
    [
        (BANK_A, WANG_DESK, SHEN_BANK_A, {"contact": SHEN_BANK_A, "way": "phone"}),
        (BANK_A, WANG_DESK, GU_BANK_A, {"contact": SHEN_BANK_A, "way": "phone"}),
        (BANK_C, LIU_DESK, PAN_BANK_C, {"contact": HAN_BANK_C, "way": "signed_scan"}),
    ],
)
def test_it_opens_with_who_may_confirm_and_the_way_that_the_contract_asks_for(
    scene: Scene, customer: str, desk: str, caller: str, opens: dict[str, str]
) -> None:
    begins, _page = form_of(Scene(customer=customer, desk=desk, contact=caller).resolved(), desk)
    assert begins == opens


def test_once_the_scan_is_there_a_second_word_comes_by_phone(scene: Scene) -> None:
    bank = Scene(customer=BANK_C, desk=LIU_DESK, contact=HAN_BANK_C)
    declaration = bank.resolved()
    Declaration.objects.filter(pk=declaration.pk).update(confirmed_in_writing=True)
    assert form_of(declaration, LIU_DESK)[0]["way"] == "phone"


def test_the_right_stands_beside_each_name_and_who_has_none_is_marked(scene: Scene) -> None:
    bank = Scene(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)
    _begins, page = form_of(bank.resolved(), WANG_DESK)
    with_right = page.index("· may confirm</option>")
    without = page.index("· may not confirm</option>")
    assert with_right < without
    assert page.count("data-unentitled") == 1
    assert 'class="form-control if-unentitled"' in page


def test_where_nobody_may_confirm_the_caller_is_named(scene: Scene) -> None:
    bank = Scene(customer=BANK_A, desk=WANG_DESK, contact=GU_BANK_A)
    declaration = bank.resolved()
    Contact.objects.filter(code=SHEN_BANK_A).update(may_confirm=False)
    assert form_of(declaration, WANG_DESK)[0]["contact"] == GU_BANK_A
