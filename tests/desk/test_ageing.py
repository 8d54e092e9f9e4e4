"""A service request has no deadline; wherever it stands, its age stands with it (R-5.4.2-5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from base.clock import set_clock
from tests import scenes
from tests.firm import CHEN_HEAD, LIU_DESK, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def pages(number: str, addresses: list[str], after: timedelta) -> list[str]:
    client = client_of(number)
    with set_clock(scenes.MONDAY + after):
        answers = [client.get(address, headers={"accept-language": "zh-hans"}) for address in addresses]
    # Numbers keep to their units, also where a line ends.
    return [" ".join(answer.content.decode().split()) for answer in answers]


@pytest.mark.parametrize("state", ["request_review", "request_in_progress"])
def test_the_age_of_an_open_request_is_shown_on_desk_list_and_record(state: str) -> None:
    declaration = scenes.Scene().at(state)
    addresses = ["/", "/records/?view=all", f"/records/{declaration.number}/"]
    shown = ["历时 3 天 2 小时" in page for page in pages(CHEN_HEAD, addresses, timedelta(days=3, hours=2))]
    assert shown == [True, True, True]


@pytest.mark.parametrize("state", ["request_done", "in_progress", "handed_over"])
def test_what_has_ended_or_has_a_clock_of_its_own_shows_no_age(state: str) -> None:
    declaration = scenes.Scene().at(state)
    addresses = ["/records/?view=all", f"/records/{declaration.number}/"]
    assert not any("历时" in page for page in pages(LIU_DESK, addresses, timedelta(days=3)))
