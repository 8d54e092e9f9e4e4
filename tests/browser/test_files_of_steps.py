"""Files at the forms of the steps: chosen, dropped, pasted, taken away, refused, kept, and looked at."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import Declaration
from tests.browser.people import PHONE
from tests.desk.test_files_of_steps import JPEG, PNG
from tests.scenes import Scene
from tests.verbs.corrections import handled_twice, last_step

pytestmark = pytest.mark.browser
DROP = """([names, type]) => {
  const transfer = new DataTransfer();
  names.forEach((name) => transfer.items.add(new File(["\\x89PNG\\r\\n\\x1a\\n0000"], name, { type })));
  const box = document.querySelector(".step-form");
  box.dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: transfer }));
  box.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
}"""
PASTE = """() => {
  const transfer = new DataTransfer();
  const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);
  transfer.items.add(new File([bytes], "image.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: transfer });
  document.querySelector("#step [name=what]").dispatchEvent(event);
}"""


def opens(office: Any, declaration: Declaration, verb: str = "log_handling", **options: Any) -> Any:
    desk = office.person("liusiyuan", **options)
    desk.goes(f"/records/{declaration.number}/do/{verb}/")
    return desk


def picture(name: str, content: bytes = PNG) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def listed(desk: Any) -> list[str]:
    return [str(name) for name in desk.page.locator(".files-chosen bdi").all_inner_texts()]


def waits_for(desk: Any, count: int) -> None:
    desk.page.wait_for_selector(f".files-chosen > li:nth-child({count}):last-child")


def test_files_are_chosen_one_after_the_other_and_one_is_taken_away(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = opens(office, declaration)
    desk.page.set_input_files("#step [name=attachments]", [picture("一.png"), picture("二.png")])
    waits_for(desk, 2)
    desk.page.set_input_files("#step [name=attachments]", [picture("三.png")])
    waits_for(desk, 3)
    desk.page.locator(".files-remove").nth(1).focus()
    desk.presses("Enter")
    waits_for(desk, 2)
    desk.fills(what="补寄", result="已寄")
    desk.sends()
    assert list(declaration.attachment_rows.order_by("pk").values_list("name", flat=True)) == ["一.png", "三.png"]


def test_what_is_dropped_and_what_is_pasted_is_listed(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = opens(office, declaration)
    desk.page.evaluate(DROP, [["拖来.png"], "image/png"])
    waits_for(desk, 1)
    desk.page.evaluate(PASTE)
    waits_for(desk, 2)
    first, second = listed(desk)
    assert first == "拖来.png"
    assert second.startswith("截图 20")
    assert second.endswith(".png")


def test_what_is_not_taken_is_refused_at_once_in_the_servers_words(office: Any) -> None:
    desk = opens(office, Scene().in_progress())
    archive = {"name": "报表.zip", "mimeType": "application/zip", "buffer": b"PK\x03\x04"}
    desk.page.set_input_files("#step [name=attachments]", [picture("好.png"), archive])
    waits_for(desk, 1)
    assert "报表.zip" in desk.page.inner_text(".files-wrong")
    assert listed(desk) == ["好.png"]


def test_a_picture_under_a_wrong_ending_is_named_before_it_is_sent(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = opens(office, declaration)
    desk.page.set_input_files("#step [name=attachments]", [picture("微信图片.png", JPEG)])
    desk.page.wait_for_selector(".files-chosen .hint:has-text('微信图片.jpg')")
    desk.fills(what="补寄", result="已寄")
    desk.sends()
    desk.goes(f"/records/{declaration.number}/")
    desk.page.wait_for_selector("#timeline :text('微信图片.png 实为 JPEG')")


def test_a_form_that_was_not_taken_has_its_files_again(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = opens(office, declaration)
    desk.page.set_input_files("#step [name=attachments]", [picture("一.png")])
    waits_for(desk, 1)
    desk.fills(what="补寄")
    desk.page.click("#step .btn-primary")
    desk.page.wait_for_selector("#step [aria-invalid=true]")
    waits_for(desk, 1)
    assert desk.page.locator("[data-files-again]").count() == 0
    desk.fills(result="已寄")
    desk.sends()
    assert declaration.attachment_rows.get().name == "一.png"


def test_a_phone_takes_files_and_shows_a_picture(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = opens(office, declaration, viewport=PHONE)
    desk.page.set_input_files("#step [name=attachments]", [picture("现场照片.png")])
    waits_for(desk, 1)
    wide = desk.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    desk.fills(what="补寄", result="已寄")
    desk.sends()
    desk.goes(f"/records/{declaration.number}/")
    shown = desk.page.locator(".file-preview").first
    assert str(shown.get_attribute("src")).endswith("/preview/")


def test_a_row_is_struck_out_and_a_word_corrected_with_the_keyboard_alone(office: Any) -> None:
    declaration = handled_twice()
    row = last_step()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/do/strike_out/?row={row}")
    desk.page.focus("#step [name=reason]")
    desk.types("记了两遍")
    with desk.page.expect_navigation():
        desk.presses("Control+Enter")
    assert desk.page.locator(".entry-struck").count() == 1
    desk.goes(f"/records/{declaration.number}/do/correct/")
    desk.page.focus("#step [name=subject]")
    desk.presses("Control+a")
    desk.types("对帐单漏印")
    desk.page.focus("#step [name=reason]")
    desk.types("听错了")
    with desk.page.expect_navigation():
        desk.presses("Control+Enter")
    assert desk.page.inner_text(".entry-edit ins") == "对帐单漏印"
