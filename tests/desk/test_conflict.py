"""Two people on one record: the second gets both versions and loses nothing that was typed."""

from __future__ import annotations

import pytest
from django.test import Client

from incidents import actions
from incidents.models import Communication, Declaration
from tests.firm import LIU_DESK, TANG_BANK_B, client_of
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scene")]


@pytest.fixture
def desk() -> Client:
    client = client_of(LIU_DESK)
    return client


def test_both_plans_stand_side_by_side_and_the_chosen_one_is_saved(desk: Client) -> None:
    scene = Scene()
    opened = scene.in_progress()
    theirs = scene.do(actions.write_plan, opened, scene.desk, text="补寄两份")
    url = f"/records/{opened.number}/do/write_plan/"
    refused = desk.post(url, {"version": opened.version, "text": "补寄三份"})
    shown = refused.content.decode()
    assert refused.status_code == 412
    assert f'name="version" value="{theirs.version}"' in shown
    assert "<ins>两</ins>" in shown
    assert "<ins>三</ins>" in shown

    again = {"version": theirs.version, "text": "补寄三份"}
    assert desk.post(url, {**again, "choose-text": "theirs"}).status_code == 302
    kept = Declaration.objects.get(pk=opened.pk)
    assert kept.plan == "补寄两份"
    assert desk.post(url, {**again, "version": kept.version, "choose-text": "mine"}).status_code == 302
    assert Declaration.objects.get(pk=opened.pk).plan == "补寄三份"


def test_what_only_adds_is_saved_on_top_in_one_click(desk: Client) -> None:
    scene = Scene()
    opened = scene.in_progress()
    theirs = scene.do(actions.write_plan, opened, scene.desk, text="补寄")
    url = f"/records/{opened.number}/do/communicate/"
    typed = {"way": "phone", "contact": TANG_BANK_B, "text": "今晚完成"}
    refused = desk.post(url, {**typed, "version": opened.version})
    assert refused.status_code == 412
    assert "Save mine on top" in refused.content.decode()
    assert 'name="text" value="今晚完成"' in refused.content.decode()
    assert desk.post(url, {**typed, "version": theirs.version}).status_code == 302
    assert Communication.objects.filter(declaration=opened, text="今晚完成").count() == 1
