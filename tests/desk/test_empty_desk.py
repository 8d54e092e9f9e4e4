"""A desk that has an administrator and nothing else: every page says so, and none fails."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import small_firm
from tests.desk.test_small_firm import EVERY_ADDRESS, failing
from tests.firm import sign_in
from tests.scenes import MONDAY


@pytest.mark.django_db
def test_every_page_opens_for_the_administrator(clock):
    clock.set(MONDAY)
    small_firm.first_account()
    assert failing(small_firm.ADMINISTRATOR, EVERY_ADDRESS, "SD-20261123-001") == []


@pytest.mark.django_db
def test_with_nothing_to_do_the_desk_leads_to_what_is_missing(clock):
    clock.set(MONDAY)
    small_firm.fill()
    idle: dict[str, bool] = {}
    for name in ("luqingyue", "chengmo"):
        somebody = Client()
        sign_in(somebody, small_firm.user(name))
        page = somebody.get("/").content.decode().partition("empty-state")[2]
        assert page
        idle[name] = 'href="/settings/setup/"' in page
    assert idle == {"luqingyue": True, "chengmo": False}
