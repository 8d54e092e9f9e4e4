"""The charts of the figures: drawn from the table, in the colours of the theme, opening what they count."""

from __future__ import annotations

from typing import Any

import pytest

from incidents import actions
from tests.browser.people import PHONE, Person, later
from tests.scenes import Scene

pytestmark = pytest.mark.browser
CHARTS = "[data-chart]"
# How often the colour of a token stands in a chart; bars, not their labels, are many pixels.
PIXELS = """([place, token]) => {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const wanted = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
  probe.remove();
  const canvas = document.querySelector(`[data-chart=${place}] canvas`);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) found += wanted.every((one, n) => Math.abs(one - data[at + n]) < 3);
  return found;
}"""


def pixels(person: Person, chart: str, token: str) -> int:
    return int(person.page.evaluate(PIXELS, [chart, token]))


def test_the_charts_are_drawn_in_both_themes(office: Any) -> None:
    Scene().resolved()
    head = office.person("chenyuan")
    head.goes("/reports/")
    assert head.page.locator(f"{CHARTS} canvas").count() == 2
    light = pixels(head, "resolution", "--bar")
    assert light > 1000
    assert pixels(head, "resolution", "--red-bar") < 100
    head.page.click(".user-menu > summary")
    head.page.click(".user-menu [data-theme-switch]")
    head.page.wait_for_function("document.documentElement.dataset.bsTheme === 'dark'")
    assert pixels(head, "resolution", "--bar") > 1000


def test_a_late_one_is_hatched_in_red(office: Any) -> None:
    scene = Scene()
    late = scene.handled("severe", "high")
    later(hours=30)
    scene.do(actions.resolve, late, scene.desk, **scene.solution())
    head = office.person("chenyuan")
    head.goes("/reports/")
    assert pixels(head, "resolution", "--red-bar") > 300
    assert pixels(head, "resolution", "--bar") < 300


def test_a_bar_opens_the_records_that_it_counts(office: Any) -> None:
    Scene().resolved()
    head = office.person("chenyuan")
    head.goes("/reports/?since=2026-11")
    box = head.page.locator("[data-chart=resolution] canvas").bounding_box()
    with head.page.expect_navigation():
        head.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7)
    assert "/reports/records/?since=2026-11" in head.page.url
    assert "对账单漏装" in head.reads()


def test_without_script_the_table_says_it_all(office: Any) -> None:
    Scene().resolved()
    head = office.person("chenyuan", java_script_enabled=False)
    head.page.goto("/reports/")
    assert not head.page.locator(CHARTS).first.is_visible()
    assert "100%" in head.reads("#figures")
    head.page.select_option("#id_level", "3")
    with head.page.expect_navigation():
        head.page.click(".report-filters .btn")
    assert "level=3" in head.page.url


def test_the_charts_fit_a_phone(office: Any) -> None:
    Scene().resolved()
    head = office.person("chenyuan", viewport=PHONE, has_touch=True, is_mobile=True)
    head.goes("/reports/")
    canvas = head.page.locator("[data-chart=resolution] canvas").bounding_box()
    assert (canvas["height"], canvas["x"] + canvas["width"] <= PHONE["width"]) == (220, True)
