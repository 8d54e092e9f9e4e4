"""The record page: what it shows, to whom, and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from incidents import actions
from incidents.access import declaration_for_reading
from incidents.models import Attachment, Declaration
from record_form.queries import composed, frozen_part
from record_form.reading import read_rows
from tests import scenes
from tests.firm import CHEN_HEAD, FENG_AUDITOR, LIU_DESK, ZHAO_DESK, client_of, staff
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scene")]
BUDGET = 35


def page(number: str, declaration: Declaration) -> str:
    answer = client_of(number).get(f"/records/{declaration.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("make", ["confirmed", "handed_over", "request_done", "decided", "waiting", "filed"])
def test_the_page_shows_the_sections_of_the_form(make: str) -> None:
    declaration: Declaration = getattr(Scene(), make)()
    shown = read_rows(declaration_for_reading(staff(CHEN_HEAD), declaration.number))
    assert composed(shown) == frozen_part(Declaration.objects.get(pk=declaration.pk)).sections


def test_the_page_costs_the_same_however_much_the_record_holds(count_queries: Callable[..., int]) -> None:
    scene = Scene()
    declaration = scene.countersigned()
    client, url = client_of(scene.desk), f"/records/{declaration.number}/"
    client.get(url)
    few = count_queries(lambda: client.get(url))
    for number in range(12):
        scene.do(actions.log_handling, declaration, scene.desk, what=f"第 {number} 步", result="完成")
    assert count_queries(lambda: client.get(url)) == few <= BUDGET


def test_only_one_button_is_filled_and_the_rest_says_why_not() -> None:
    shown = page(LIU_DESK, Scene().handled())
    assert shown.count("btn-primary") == 1
    assert "By the custodian, once it is closed." in shown


def test_an_auditor_reads_without_buttons_and_is_led_to_the_review() -> None:
    declaration = Scene().closed()
    shown = page(FENG_AUDITOR, declaration)
    assert "action-bar" not in shown
    assert f"/audit/{declaration.number}/" in shown


def test_an_ended_record_says_so_in_one_line() -> None:
    assert "can no longer be changed" in page(LIU_DESK, Scene().filed())


def test_a_foreign_and_an_unknown_record_look_alike() -> None:
    declaration = Scene().accepted()
    stranger = client_of(ZHAO_DESK)
    foreign, unknown = stranger.get(f"/records/{declaration.number}/"), stranger.get("/records/SD-20990101-001/")
    assert (foreign.status_code, unknown.status_code) == (404, 404)


def test_the_time_line_can_be_filtered() -> None:
    declaration = Scene().handled()
    contacts = client_of(LIU_DESK).get(f"/records/{declaration.number}/?line=contact").content.decode()
    assert "Started handling" in page(LIU_DESK, declaration)
    assert "Started handling" not in contacts


def test_a_step_of_my_desk_opens_its_form() -> None:
    declaration = Scene().handled()
    answer = client_of(LIU_DESK).get(f"/records/{declaration.number}/?do=resolve")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/records/{declaration.number}/do/resolve/")


def test_a_file_is_for_those_who_see_its_record(tmp_path: Any) -> None:
    path = tmp_path / "note.txt"
    path.write_text("说明")
    with path.open("rb") as content:
        upload = actions.Upload("说明.txt", content, "text/plain")
        declaration = Scene().accepted(attachments=[upload])
    key = Attachment.objects.get(declaration=declaration).pk
    url = f"/records/{declaration.number}/files/{key}/"
    assert b"".join(client_of(LIU_DESK).get(url).streaming_content) == "说明".encode()  # type: ignore[attr-defined]
    assert client_of(ZHAO_DESK).get(url).status_code == 404


def test_a_signed_in_page_asks_for_the_servers_time(scene: Scene) -> None:
    client = client_of(scene.desk)
    assert 'data-time="/time/"' in client.get(f"/records/{scene.accepted().number}/").content.decode()
    assert client.get("/time/").json() == {"now": scenes.MONDAY.timestamp()}
