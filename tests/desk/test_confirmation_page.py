"""The form of the customer's confirmation: who may give it stands beside each name (A-23)."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Contact
from incidents.models import Declaration
from tests import scenes
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def form_of(declaration: Declaration, by: str) -> tuple[dict[str, object], str]:
    client = Client()
    client.force_login(scenes.person(by), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/records/{declaration.number}/do/confirm/", headers={"Accept-Language": "en"})
    form = answer.context["form"]
    return {name: form[name].value() for name in ("contact", "way")}, answer.content.decode()


@pytest.mark.parametrize(
    ("customer", "desk", "caller", "opens"),
    [
        ("C01", "S04", "C01-P1", {"contact": "C01-P1", "way": "phone"}),
        ("C01", "S04", "C01-P2", {"contact": "C01-P1", "way": "phone"}),
        ("C03", "S05", "C03-P2", {"contact": "C03-P1", "way": "signed_scan"}),
    ],
)
def test_it_opens_with_who_may_confirm_and_the_way_that_the_contract_asks_for(
    scene: Scene, customer: str, desk: str, caller: str, opens: dict[str, str]
) -> None:
    begins, _page = form_of(Scene(customer=customer, desk=desk, contact=caller).resolved(), desk)
    assert begins == opens


def test_once_the_scan_is_there_a_second_word_comes_by_phone(scene: Scene) -> None:
    bank = Scene(customer="C03", desk="S05", contact="C03-P1")
    declaration = bank.resolved()
    Declaration.objects.filter(pk=declaration.pk).update(confirmed_in_writing=True)
    assert form_of(declaration, "S05")[0]["way"] == "phone"


def test_the_right_stands_beside_each_name_and_who_has_none_is_marked(scene: Scene) -> None:
    bank = Scene(customer="C01", desk="S04", contact="C01-P1")
    _begins, page = form_of(bank.resolved(), "S04")
    with_right = page.index("· may confirm</option>")
    without = page.index("· may not confirm</option>")
    assert with_right < without
    assert page.count("data-unentitled") == 1
    assert 'class="form-control if-unentitled"' in page


def test_where_nobody_may_confirm_the_caller_is_named(scene: Scene) -> None:
    bank = Scene(customer="C01", desk="S04", contact="C01-P2")
    declaration = bank.resolved()
    Contact.objects.filter(code="C01-P1").update(may_confirm=False)
    assert form_of(declaration, "S04")[0]["contact"] == "C01-P2"
