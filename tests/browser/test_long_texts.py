"""What is long shows its beginning, and can be read on: on the record, by hand and by keys, and whole on paper."""

from __future__ import annotations

from typing import Any

import pytest

from incidents import actions
from tests.browser.people import PHONE
from tests.firm import LIU_DESK
from tests.scenes import Scene

pytestmark = pytest.mark.browser
LONG = "\n".join(f"第{number}页影像与凭证不符，已逐笔核对并登记差异，等批次号回来再补录。" for number in range(1, 61))
TEXT = "#timeline .entry-detail:has-text('第60页')"
BUTTON = "#timeline .read-on"


def height(page: Any) -> float:
    return float(page.locator(TEXT).bounding_box()["height"])


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
def test_a_long_text_shows_its_beginning_and_is_read_on(office: Any, viewport: dict[str, int]) -> None:
    scene = Scene()
    record = scene.do(actions.log_handling, scene.in_progress(), LIU_DESK, what=LONG, result="已登记")
    desk = office.person("liusiyuan", viewport=viewport)
    desk.goes(f"/records/{record.number}/{'#timeline' if viewport is PHONE else ''}")
    if viewport is PHONE:
        desk.page.click("[data-tab-of=timeline]")
    desk.page.wait_for_selector(BUTTON)
    assert height(desk.page) < 400
    desk.page.focus(BUTTON)
    desk.presses("Enter")
    assert height(desk.page) > 800
    assert desk.page.get_attribute(BUTTON, "aria-expanded") == "true"
    desk.presses("Enter")
    assert height(desk.page) < 400
    desk.page.emulate_media(media="print")
    assert height(desk.page) > 800
