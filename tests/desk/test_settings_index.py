"""The index of the settings: who finds it, and what stands there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from desk.settings.sections import SECTIONS, sections
from tests.firm import (
    ADMINISTRATOR,
    CHEN_HEAD,
    HE_RISK,
    LIU_DESK,
    XU_SALES,
    ZHENG_CUSTODIAN,
    client_of,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [ADMINISTRATOR, CHEN_HEAD])
def test_who_has_something_to_set_or_look_up_finds_it_from_the_navigation(monday, number):
    client, mine = client_of(number), sections(staff(number))
    assert f'href="{reverse("settings")}"' in client.get(reverse("desk")).content.decode()
    page = client.get(reverse("settings")).content.decode()
    for section in SECTIONS:
        assert (f'href="{reverse(section.url_name)}"' in page) is (section in mine)
        assert client.get(reverse(section.url_name)).status_code == (200 if section in mine else 403)


def test_every_section_is_somebodys(monday):
    found = {section.url_name for number in (ADMINISTRATOR, CHEN_HEAD) for section in sections(staff(number))}
    assert found == {section.url_name for section in SECTIONS}


@pytest.mark.parametrize("number", [LIU_DESK, ZHENG_CUSTODIAN, HE_RISK, XU_SALES])
def test_who_has_nothing_to_set_is_not_led_there_and_is_refused(monday, number):
    client = client_of(number)
    assert f'href="{reverse("settings")}"' not in client.get(reverse("desk")).content.decode()
    assert client.get(reverse("settings")).status_code == 403


def test_a_stranger_signs_in_first(monday):
    assert Client().get(reverse("settings")).status_code == 302
